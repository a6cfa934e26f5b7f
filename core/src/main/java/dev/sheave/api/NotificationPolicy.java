package dev.sheave.api;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which states of flow runs somebody wants to hear of, and how. Immutable.
 *
 * @param isActive whether it is to be followed
 * @param stateNames the names of the states; none for all
 * @param tags the tags of which a run must have one; none for all runs
 * @param blockDocumentId the block that sends notifications
 * @param messageTemplate the message, with fields of the run in braces; null for the sender's own
 */
public record NotificationPolicy(
    boolean isActive,
    List<String> stateNames,
    List<String> tags,
    UUID blockDocumentId,
    @Nullable String messageTemplate) {

  /** Copies the lists. */
  public NotificationPolicy {
    stateNames = List.copyOf(stateNames);
    tags = List.copyOf(tags);
  }
}
