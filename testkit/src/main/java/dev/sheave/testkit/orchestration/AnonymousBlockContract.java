package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.Page;
import dev.sheave.api.StateType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The contract of anonymous documents in {@link dev.sheave.api.BlockApi}: equal documents are
 * stored once, and a document without references is deleted.
 */
public abstract class AnonymousBlockContract extends OrchestrationContract {
  private static final BlockDocumentFilter ALL = new BlockDocumentFilter(Set.of(), Set.of(), true);

  /** For the test of an implementation. */
  protected AnonymousBlockContract() {}

  @Test
  void anonymousDocumentsOfEqualContentAreOne() {
    BlockSchemaRecord process = schema("process", "token");

    BlockDocumentRecord first =
        anonymous(process, json("env", json("A", "1", "B", "2"), "token", "secret"));

    for (int i = 0; i < 100; i++) {
      BlockDocumentRecord again =
          anonymous(process, json("token", "secret", "env", json("B", "2", "A", "1")));
      assertThat(again.id()).isEqualTo(first.id());
    }
    assertThat(first.name()).matches("anonymous-[0-9a-f-]{36}");
    assertThat(first.isAnonymous()).isTrue();
    assertThat(first.data()).containsEntry("token", "********");
    assertThat(anonymous(process, json("env", json("A", "1"), "token", "secret")).id())
        .isNotEqualTo(first.id());
    assertThat(anonymous(process, json("env", json("A", "1", "B", "2"), "token", "other")).id())
        .isNotEqualTo(first.id());
    assertThat(
            anonymous(
                    schema("docker-container", "token"),
                    json("env", json("A", "1", "B", "2"), "token", "secret"))
                .id())
        .isNotEqualTo(first.id());
  }

  @Test
  void anAnonymousDocumentIsFoundByItsName() {
    BlockDocumentRecord saved = anonymous(schema("process"), json("x", 1));

    assertThat(blocks().findBlockDocument("process", saved.name(), false)).contains(saved);
  }

  @Test
  void aChangedAnonymousDocumentIsSharedByItsNewContent() {
    BlockSchemaRecord process = schema("process");
    BlockDocumentRecord changed = anonymous(process, json("x", 1));
    BlockDocumentRecord other = anonymous(process, json("x", 2));

    blocks().updateBlockDocument(changed.id(), process.id(), json("x", 3), false, null);

    assertThat(anonymous(process, json("x", 3)).id()).isEqualTo(changed.id());
    assertThat(anonymous(process, json("x", 1)).id()).isNotEqualTo(changed.id());

    blocks().updateBlockDocument(changed.id(), process.id(), json("x", 2), false, null);

    assertThat(anonymous(process, json("x", 2)).id()).isEqualTo(other.id());
    assertThat(clear(changed)).isEqualTo(json("x", 2));
  }

  @Test
  void anonymousDocumentsThatReferToTheSameBlockAreOne() {
    BlockDocumentRecord creds = document(schema("my-creds"), "mine", json("user", "u"));
    BlockSchemaRecord schema = schema("my-db");

    assertThat(anonymous(schema, json("creds", referenceTo(creds))).id())
        .isEqualTo(anonymous(schema, json("creds", referenceTo(creds))).id());
  }

  private boolean exists(BlockDocumentRecord document) {
    return blocks().listBlockDocuments(ALL, Page.FIRST, false).stream()
        .anyMatch(each -> each.id().equals(document.id()));
  }

  private BlockDocumentRecord process(String variable) {
    return anonymous(schema("process"), json("env", json("A", variable)));
  }

  private DeploymentRecord apply(DeploymentSpec spec) {
    return api().deployments().applyDeployment(spec).deployment();
  }

  private DeploymentRecord deploymentOn(String name, BlockDocumentRecord infrastructure) {
    return apply(withBlocks(spec("log-flow", name), null, infrastructure.id()));
  }

  @Test
  void aHundredAppliesLeaveOneDocument() {
    for (int i = 0; i < 100; i++) {
      deploymentOn("executed", process("1"));
    }

    assertThat(blocks().listBlockDocuments(ALL, Page.FIRST, false)).hasSize(1);
  }

  @Test
  void oneThatNothingRefersToYetWaitsForWhatDoes() {
    BlockDocumentRecord process = process("1");
    apply(spec("log-flow", "other"));

    assertThat(exists(process)).isTrue();
  }

  @Test
  void oneGoesWithTheDeploymentThatRefersToIt() {
    BlockDocumentRecord storage = anonymous(schema("local-file-system"), json("basepath", "/a"));
    BlockDocumentRecord process = process("1");
    DeploymentRecord deployment =
        apply(withBlocks(spec("log-flow", "both"), storage.id(), process.id()));
    BlockDocumentRecord named = document(schema("process"), "mine", json());
    DeploymentRecord other = deploymentOn("named", named);

    api().deployments().deleteDeployment(deployment.id());
    api().deployments().deleteDeployment(other.id());

    assertThat(exists(storage)).isFalse();
    assertThat(exists(process)).isFalse();
    assertThat(exists(named)).as("a block that has a name").isTrue();
  }

  @Test
  void oneGoesWhenItsDeploymentIsAppliedWithAnother() {
    BlockDocumentRecord before = process("1");
    deploymentOn("executed", before);

    BlockDocumentRecord after = process("2");
    deploymentOn("executed", after);

    assertThat(exists(before)).isFalse();
    assertThat(exists(after)).isTrue();
  }

  @Test
  void oneThatIsSharedStaysForTheOthers() {
    BlockDocumentRecord shared = process("1");
    DeploymentRecord first = deploymentOn("first", shared);
    DeploymentRecord second = deploymentOn("second", shared);
    DeploymentRecord stored =
        apply(withBlocks(spec("log-flow", "stored"), shared.id(), shared.id()));

    api().deployments().deleteDeployment(first.id());
    apply(withBlocks(stored.spec(), shared.id(), null));
    api().deployments().deleteDeployment(second.id());
    assertThat(exists(shared)).isTrue();

    api().deployments().deleteDeployment(stored.id());
    assertThat(exists(shared)).isFalse();
  }

  @Test
  void aRunKeepsItsInfrastructureUntilTheRunIsDeleted() {
    BlockDocumentRecord process = process("1");
    DeploymentRecord deployment = deploymentOn("executed", process);
    FlowRunRecord run = api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(Map.of()));
    api().deployments().deleteDeployment(deployment.id());

    // it may be run again, as long as it is there
    take(run, StateType.PENDING, StateType.RUNNING, StateType.FAILED);
    assertThat(exists(process)).isTrue();

    api().flowRuns().deleteFlowRun(run.id());
    assertThat(exists(process)).isFalse();
  }

  @Test
  void oneGoesWithTheBlockThatRefersToItAndTakesItsOwnAlong() {
    BlockDocumentRecord grandchild = anonymous(schema("my-creds"), json("user", "u"));
    BlockDocumentRecord named = document(schema("my-creds"), "mine", json());
    BlockDocumentRecord child =
        anonymous(
            schema("my-db"), json("creds", referenceTo(grandchild), "named", referenceTo(named)));
    BlockSchemaRecord schema = schema("cluster");
    BlockDocumentRecord updated =
        document(schema, "updated", json("dbs", List.of(referenceTo(child))));
    BlockDocumentRecord deleted = document(schema, "deleted", json("db", referenceTo(child)));

    blocks().updateBlockDocument(updated.id(), schema.id(), json("dbs", List.of()), true, null);
    assertThat(exists(child)).isTrue();
    blocks().deleteBlockDocument(deleted.id(), false);

    assertThat(exists(child)).isFalse();
    assertThat(exists(grandchild)).isFalse();
    assertThat(exists(named)).isTrue();
  }

  @Test
  void oneGoesWithTheTypeOfTheBlocksThatReferToIt() {
    BlockDocumentRecord child = anonymous(schema("my-creds"), json("user", "u"));
    BlockSchemaRecord schema = schema("my-db");
    document(schema, "db", json("creds", referenceTo(child)));

    blocks().deleteBlockType(schema.blockType().id());

    assertThat(exists(child)).isFalse();
  }

  @Test
  void oneThatIsCollectedIsMadeAnew() {
    BlockDocumentRecord before = process("1");
    api().deployments().deleteDeployment(deploymentOn("executed", before).id());

    BlockDocumentRecord after = process("1");

    assertThat(after.id()).isNotEqualTo(before.id());
    assertThat(exists(after)).isTrue();
  }

  /** A deployment that is applied refers to a document that is there, or is refused. */
  @Test
  void thoseWhoLetGoAndThoseWhoTakeDoNotDisturbEachOther() throws Exception {
    BlockSchemaRecord schema = schema("process");
    int connections = 4;
    CyclicBarrier together = new CyclicBarrier(connections);
    List<Callable<Integer>> lives = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      OrchestrationApi mine = connectAgain();
      DeploymentSpec spec = spec("log-flow", "deployment-" + i);
      lives.add(
          () -> {
            together.await();
            return applyAndDelete(mine, schema.id(), spec);
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      int applied = 0;
      for (Future<Integer> life : threads.invokeAll(lives)) {
        applied += life.get();
      }
      assertThat(applied).isPositive();
    } finally {
      threads.shutdownNow();
    }
    assertThat(blocks().listBlockDocuments(ALL, Page.FIRST, false)).isEmpty();
  }

  /** Returns how often it could be applied. */
  private static int applyAndDelete(OrchestrationApi api, UUID schema, DeploymentSpec spec) {
    int applied = 0;
    for (int i = 0; i < 10; i++) {
      UUID process =
          api.blocks()
              .createBlockDocument(new NewBlockDocument(null, schema, json("x", 1), true))
              .id();
      try {
        UUID id =
            api.deployments().applyDeployment(withBlocks(spec, null, process)).deployment().id();
        assertThat(api.deployments().readDeployment(id).spec().infrastructureDocumentId())
            .isEqualTo(process);
        assertThat(api.blocks().readBlockDocument(process, true).data()).containsEntry("x", 1);
        api.deployments().deleteDeployment(id);
        applied++;
      } catch (SheaveException e) {
        // another deployment was the last to refer to the document, and let go of it in between
        assertThat(e.code()).as(e.getMessage()).isEqualTo(Code.CONFLICT);
      }
    }
    return applied;
  }
}
