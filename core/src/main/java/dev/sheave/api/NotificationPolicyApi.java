package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Notification policies of flow runs. They are kept for programs that read them; Sheave sends no
 * notifications yet.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface NotificationPolicyApi {

  /**
   * Creates a policy.
   *
   * @throws SheaveException {@code NOT_FOUND} if its block doesn't exist
   */
  NotificationPolicyRecord createNotificationPolicy(NotificationPolicy policy);

  /** Reads a policy. */
  NotificationPolicyRecord readNotificationPolicy(UUID id);

  /**
   * Changes a policy.
   *
   * @throws SheaveException {@code NOT_FOUND} if its block doesn't exist; {@code INVALID} if a
   *     field is cleared that a policy must have
   */
  void updateNotificationPolicy(UUID id, NotificationPolicyUpdate update);

  /**
   * Lists policies, oldest first.
   *
   * @param isActive only those that are active, or aren't; null for all
   */
  List<NotificationPolicyRecord> listNotificationPolicies(@Nullable Boolean isActive, Page page);

  /** Deletes a policy. */
  void deleteNotificationPolicy(UUID id);

  /**
   * Changes to a policy. Only the message can be cleared.
   *
   * @param isActive whether it is to be followed
   * @param stateNames the names of the states
   * @param tags the tags of runs
   * @param blockDocumentId the block that sends notifications
   * @param messageTemplate the message
   */
  record NotificationPolicyUpdate(
      Change<Boolean> isActive,
      Change<List<String>> stateNames,
      Change<List<String>> tags,
      Change<UUID> blockDocumentId,
      Change<String> messageTemplate) {
    /** Changes nothing. */
    public static final NotificationPolicyUpdate NONE =
        new NotificationPolicyUpdate(
            Change.keep(), Change.keep(), Change.keep(), Change.keep(), Change.keep());

    /** These changes, and whether the policy is to be followed. */
    public NotificationPolicyUpdate withActive(boolean active) {
      return new NotificationPolicyUpdate(
          Change.to(active), stateNames, tags, blockDocumentId, messageTemplate);
    }

    /** These changes, and the message; null for the sender's own. */
    public NotificationPolicyUpdate withMessageTemplate(@Nullable String template) {
      return new NotificationPolicyUpdate(
          isActive, stateNames, tags, blockDocumentId, Change.to(template));
    }

    /**
     * Returns a policy with these changes.
     *
     * @throws SheaveException {@code INVALID} if a field is cleared that a policy must have
     */
    public NotificationPolicy applyTo(NotificationPolicy policy) {
      return new NotificationPolicy(
          required("is_active", isActive, policy.isActive()),
          required("state_names", stateNames, policy.stateNames()),
          required("tags", tags, policy.tags()),
          required("block_document_id", blockDocumentId, policy.blockDocumentId()),
          messageTemplate.applyTo(policy.messageTemplate()));
    }

    private static <T> T required(String name, Change<T> change, T current) {
      T value = change.applyTo(current);
      if (value == null) {
        throw new SheaveException(
            SheaveException.Code.INVALID,
            "The field '" + name + "' of a notification policy can't be null.");
      }
      return value;
    }
  }
}
