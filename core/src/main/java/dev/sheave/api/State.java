package dev.sheave.api;

import java.time.Instant;
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

  /** This state under another name. */
  public State withName(String newName) {
    return new State(id, type, newName, timestamp, message, data, stateDetails);
  }

  /** This state carrying data. */
  public State withData(@Nullable Object newData) {
    return new State(id, type, name, timestamp, message, newData, stateDetails);
  }

  /** Returns the flow's result if the state has it: a number, a boolean, or a short string. */
  public Optional<Object> result() {
    return data instanceof Map<?, ?> map && "literal".equals(map.get("type"))
        ? Optional.ofNullable(map.get("value"))
        : Optional.empty();
  }

  /** Returns whether a run in this state is over. */
  public boolean isTerminal() {
    return type.isTerminal();
  }
}
