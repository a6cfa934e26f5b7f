package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.AuditRecord;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.KeyScope;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.PruneRule;
import dev.sheave.api.Pruned;
import dev.sheave.api.State;
import dev.sheave.api.StateType;
import dev.sheave.api.StoreAdministration;
import dev.sheave.block.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store is kept through its server, with a key that is good for it. */
class AdministrationTest {
  @TempDir private Path folder;
  private ServedStore store;
  private Sheave client;
  private StoreAdministration remote;

  @BeforeEach
  void start() {
    store = new ServedStore(folder);
    IssuedApiKey key =
        store
            .sheave
            .api()
            .administration()
            .orElseThrow()
            .apiKeys()
            .createKey("admin", KeyScope.ADMIN, null);
    client = connect(key.secret());
    remote = client.api().administration().orElseThrow();
  }

  private Sheave connect(Secret key) {
    return Sheave.builder(Map.of()).url(store.server.url()).home(folder).key(key).connect();
  }

  @AfterEach
  void stop() {
    client.close();
    store.close();
  }

  private UUID ended(String flow, StateType state) {
    OrchestrationApi api = store.sheave.api();
    UUID id = api.deployments().findOrCreateFlow(flow, List.of()).record().id();
    UUID run = api.flowRuns().createFlowRunOfFlow(id, NewFlowRun.now(Map.of())).id();
    api.flowRuns().setFlowRunState(run, State.of(state), true);
    return run;
  }

  private List<UUID> runs() {
    return store.sheave.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL).stream()
        .map(FlowRunRecord::id)
        .toList();
  }

  @Test
  void keysAreMadeListedRolledAndRevoked() {
    IssuedApiKey made = remote.apiKeys().createKey("laptop", KeyScope.READ, Duration.ofDays(1));
    assertThat(remote.apiKeys().listKeys())
        .extracting(ApiKeyRecord::name)
        .containsExactly("admin", "laptop");
    assertThat(made.record().expires()).isNotNull();
    IssuedApiKey rolled = remote.apiKeys().rollKey("laptop", Duration.ZERO);
    assertThat(rolled.secret().reveal()).isNotEqualTo(made.secret().reveal());
    try (Sheave reader = connect(rolled.secret())) {
      assertThat(reader.api().flowRuns().listAllFlowRuns(FlowRunFilter.ALL)).isEmpty();
      // what only administrators may do
      StoreAdministration others = reader.api().administration().orElseThrow();
      assertThatThrownBy(() -> others.apiKeys().listKeys()).hasMessageContaining("needs admin");
      assertThatThrownBy(() -> others.prune(Duration.ZERO)).hasMessageContaining("needs admin");
    }
    remote.apiKeys().revokeKey("laptop");
    assertThat(remote.apiKeys().listKeys()).hasSize(1);
    assertThatThrownBy(() -> remote.apiKeys().revokeKey("laptop"))
        .hasMessageContaining("no API key with the name 'laptop'");
  }

  @Test
  void whatIsOldIsRemovedByItsRule() {
    UUID failed = ended("f", StateType.FAILED);
    ended("f", StateType.COMPLETED);
    UUID last = ended("f", StateType.COMPLETED);
    UUID other = ended("g", StateType.COMPLETED);

    PruneRule rule = new PruneRule(Duration.ZERO, Set.of(StateType.COMPLETED), 1);
    assertThat(remote.prune(rule).flowRuns()).isEqualTo(1);

    assertThat(runs()).containsExactlyInAnyOrder(failed, last, other);
    assertThat(remote.prune(Duration.ofDays(1))).isEqualTo(new Pruned(0, 0));
    assertThat(remote.prune(Duration.ZERO).flowRuns()).isEqualTo(3);
  }

  @Test
  @Timeout(30)
  void aServerRemovesWhatBecomesOldByItself() {
    ended("f", StateType.COMPLETED);
    PruneRule rule = PruneRule.olderThan(Duration.ZERO);
    try (SheaveServer second = SheaveServer.builder(store.sheave).port(0).prunes(rule).start()) {
      // one server at a time does the work
      store.server.close();
      while (!runs().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(second.port()).isPositive();
    }
  }

  @Test
  void theChangesAreRead() {
    remote.apiKeys().createKey("laptop", KeyScope.READ, null);
    store.server.close(); // the notes are written then at the latest
    try (SheaveServer again = SheaveServer.builder(store.sheave).port(store.server.port()).start();
        Sheave reader = connectTo(again)) {
      assertThat(reader.api().administration().orElseThrow().audit().listChanges(Page.FIRST))
          .extracting(AuditRecord::path)
          .contains("/sheave/api_keys/");
    }
  }

  private Sheave connectTo(SheaveServer server) {
    Secret key =
        store
            .sheave
            .api()
            .administration()
            .orElseThrow()
            .apiKeys()
            .createKey("reader", KeyScope.ADMIN, null)
            .secret();
    return Sheave.builder(Map.of()).url(server.url()).home(folder).key(key).connect();
  }
}
