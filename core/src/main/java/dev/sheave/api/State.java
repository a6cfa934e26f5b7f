package dev.sheave.api;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A state of a flow run: proposed by a client, or recorded by the orchestrator.
 *
 * @param id the state's id
 * @param type its kind
 * @param name the display name; several names may share a type ({@code Scheduled}, {@code Late})
 * @param timestamp when it was entered
 * @param message one sentence about it, if there is more to say
 * @param data a JSON value, such as a short result, or null
 * @param stateDetails its details
 */
public record State(
    UUID id,
    StateType type,
    String name,
    Instant timestamp,
    @Nullable String message,
    @Nullable Object data,
    StateDetails stateDetails) {

  /** How many characters a result may have as JSON; of a longer one the first ones are kept. */
  public static final int MAX_RESULT_CHARACTERS = 65_536;

  /** A new state of a type, named after it, entered now. */
  public static State of(StateType type) {
    return of(type, type.displayName(), null);
  }

  /** A new state of a type with a message, named after its type, entered now. */
  public static State of(StateType type, @Nullable String message) {
    return of(type, type.displayName(), message);
  }

  /** A new state of a type with a name of its own, entered now. */
  public static State of(StateType type, String name, @Nullable String message) {
    return new State(
        UUID.randomUUID(), type, name, Instant.now(), message, null, StateDetails.NONE);
  }

  /** A new scheduled state that is due at a time. */
  public static State scheduledAt(Instant time) {
    return of(StateType.SCHEDULED).withDetails(StateDetails.scheduledAt(time));
  }

  /** This state with other details. */
  public State withDetails(StateDetails details) {
    return new State(id, type, name, timestamp, message, data, details);
  }

  /** This state with another id. */
  public State withId(UUID newId) {
    return new State(newId, type, name, timestamp, message, data, stateDetails);
  }

  /** This state under another name. */
  public State withName(String newName) {
    return new State(id, type, newName, timestamp, message, data, stateDetails);
  }

  /** This state carrying data. */
  public State withData(@Nullable Object newData) {
    return new State(id, type, name, timestamp, message, newData, stateDetails);
  }

  /** This state carrying what the flow returned, a JSON value. */
  public State withResult(@Nullable Object json) {
    Map<String, @Nullable Object> literal = new LinkedHashMap<>();
    literal.put("type", "literal");
    literal.put("value", json);
    return withData(literal);
  }

  /**
   * This state of a flow whose result isn't kept, or not whole.
   *
   * @param excerpt the first {@value #MAX_RESULT_CHARACTERS} characters of its JSON text, or null
   */
  public State withoutResult(@Nullable String excerpt) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("type", "unpersisted");
    if (excerpt != null) {
      data.put("artifact_type", "result");
      data.put("artifact_description", excerpt);
    }
    return withData(data);
  }

  /**
   * Returns what the flow returned, as a JSON value; empty if it returned nothing, hasn't ended, or
   * its result isn't kept, which the message says.
   *
   * @see FlowRunRecord#result(Class)
   */
  public Optional<Object> result() {
    return data instanceof Map<?, ?> map && "literal".equals(map.get("type"))
        ? Optional.ofNullable(map.get("value"))
        : Optional.empty();
  }

  /**
   * Returns how the JSON text of a result begins that is longer than {@value
   * #MAX_RESULT_CHARACTERS} characters; empty for others.
   */
  public Optional<String> resultExcerpt() {
    return data instanceof Map<?, ?> map
            && "unpersisted".equals(map.get("type"))
            && map.get("artifact_description") instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  /** Returns whether a run in this state is over. */
  public boolean isTerminal() {
    return type.isTerminal();
  }
}
