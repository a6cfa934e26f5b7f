package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.Change;
import dev.sheave.api.Feature;
import dev.sheave.api.NotificationPolicy;
import dev.sheave.api.NotificationPolicyApi;
import dev.sheave.api.NotificationPolicyApi.NotificationPolicyUpdate;
import dev.sheave.api.NotificationPolicyRecord;
import dev.sheave.api.Page;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of {@link NotificationPolicyApi}. */
public abstract class NotificationPolicyContract extends OrchestrationContract {
  private BlockDocumentRecord sender;

  /** For the test of an implementation. */
  protected NotificationPolicyContract() {}

  private NotificationPolicyApi policies() {
    return api().notificationPolicies();
  }

  @BeforeEach
  final void aSender() {
    sender = document(schema("my-chat"), "team", json("channel", "nights"));
  }

  private NotificationPolicy failures(boolean isActive) {
    return new NotificationPolicy(
        isActive, List.of("Failed", "Crashed"), List.of("night"), sender.id(), "{flow_run_name}!");
  }

  @Test
  void aPolicyIsReadAsItWasCreated() {
    NotificationPolicyRecord made = policies().createNotificationPolicy(failures(true));

    assertThat(made.policy()).isEqualTo(failures(true));
    assertThat(policies().readNotificationPolicy(made.id())).isEqualTo(made);
    assertRefused(Code.NOT_FOUND, () -> policies().readNotificationPolicy(UUID.randomUUID()));
  }

  @Test
  void policiesAreListedChangedAndDeleted() {
    NotificationPolicyRecord first = policies().createNotificationPolicy(failures(true));
    NotificationPolicyRecord second = policies().createNotificationPolicy(failures(false));

    assertThat(policies().listNotificationPolicies(null, Page.FIRST))
        .containsExactlyInAnyOrder(first, second);
    assertThat(policies().listNotificationPolicies(true, Page.FIRST)).containsExactly(first);
    assertThat(policies().listNotificationPolicies(false, Page.FIRST)).containsExactly(second);
    assertThat(policies().listNotificationPolicies(null, Page.first(1))).hasSize(1);

    policies()
        .updateNotificationPolicy(
            second.id(), NotificationPolicyUpdate.NONE.withActive(true).withMessageTemplate(null));

    NotificationPolicyRecord changed = policies().readNotificationPolicy(second.id());
    assertThat(changed.policy())
        .isEqualTo(
            new NotificationPolicy(
                true, List.of("Failed", "Crashed"), List.of("night"), sender.id(), null));
    assertThat(changed.updated()).isAfter(second.updated());

    policies().deleteNotificationPolicy(first.id());
    assertRefused(Code.NOT_FOUND, () -> policies().deleteNotificationPolicy(first.id()));
    assertThat(policies().listNotificationPolicies(null, Page.FIRST)).containsExactly(changed);
  }

  @Test
  void aPolicyNamesABlockThatExists() {
    NotificationPolicyRecord made = policies().createNotificationPolicy(failures(true));
    UUID nothing = UUID.randomUUID();

    assertRefused(
        Code.NOT_FOUND,
        () ->
            policies()
                .createNotificationPolicy(
                    new NotificationPolicy(true, List.of(), List.of(), nothing, null)));
    assertRefused(
        Code.INVALID,
        () ->
            policies()
                .updateNotificationPolicy(
                    made.id(),
                    new NotificationPolicyUpdate(
                        Change.keep(),
                        Change.keep(),
                        Change.keep(),
                        Change.to(null),
                        Change.keep())));
    assertThat(policies().readNotificationPolicy(made.id())).isEqualTo(made);
  }

  @Test
  void theBlockOfAPolicyIsInUse() {
    NotificationPolicyRecord made = policies().createNotificationPolicy(failures(true));

    assertThat(blocks().usersOfBlockDocument(sender.id()))
        .containsExactly("notification policy " + made.id());
    assertRefused(Code.CONFLICT, () -> blocks().deleteBlockDocument(sender.id(), false));

    if (api().features().contains(Feature.DETACH)) {
      blocks().deleteBlockDocument(sender.id(), true);
      assertThat(policies().listNotificationPolicies(null, Page.FIRST)).isEmpty();
    }
  }
}
