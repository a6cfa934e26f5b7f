package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.DeploymentSpec;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.api.State;
import dev.sheave.api.StateTransition;
import dev.sheave.api.StateType;
import dev.sheave.api.WorkQueueRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of all concerns share: a connection, and records to start from. */
abstract class OrchestrationContract {
  private final List<OrchestrationApi> connections = new ArrayList<>();
  private @Nullable OrchestrationApi api;

  /** Connects to a store, see {@link OrchestrationApiContract#connect()}. */
  protected abstract OrchestrationApi connect() throws Exception;

  @BeforeEach
  final void connectToEmptyStore() throws Exception {
    api = connectAgain();
  }

  @AfterEach
  final void closeConnections() {
    connections.forEach(OrchestrationApi::close);
  }

  /** Another connection to the test's store. */
  final OrchestrationApi connectAgain() throws Exception {
    OrchestrationApi connection = EndpointCoverage.recorded(connect());
    connections.add(connection);
    return connection;
  }

  final OrchestrationApi api() {
    OrchestrationApi connected = api;
    if (connected == null) {
      throw new IllegalStateException("not connected yet");
    }
    return connected;
  }

  final BlockApi blocks() {
    return api().blocks();
  }

  static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      Code code, ThrowingCallable action) {
    return assertThatThrownBy(action)
        .isInstanceOf(SheaveException.class)
        .satisfies(
            refusal ->
                Assertions.assertThat(((SheaveException) refusal).code())
                    .as(refusal.getMessage())
                    .isEqualTo(code));
  }

  /** A JSON object of keys and values in turn; values may be null. */
  static Map<String, @Nullable Object> json(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return object;
  }

  static BlockTypeRecord.Texts texts(String name) {
    return new BlockTypeRecord.Texts(name, null, null, "About " + name + ".", null);
  }

  /** A schema of a type, both made if they are missing, with secrets at some paths. */
  final BlockSchemaRecord schema(String slug, String... secretFields) {
    return schema(slug, json("secret_fields", List.of(secretFields)));
  }

  final BlockSchemaRecord schema(String slug, Map<String, @Nullable Object> more) {
    return schema(slug, more, List.of());
  }

  final BlockSchemaRecord schema(
      String slug, Map<String, @Nullable Object> more, List<String> capabilities) {
    BlockTypeRecord type =
        blocks()
            .findBlockType(slug)
            .orElseGet(() -> blocks().createBlockType(slug, texts("The " + slug)));
    // secret fields are no part of the checksum, so a title that depends on them tells the schemas
    // apart
    Map<String, @Nullable Object> fields =
        json("title", slug + more, "type", "object", "block_type_slug", slug);
    fields.putAll(more);
    return blocks().createBlockSchema(type.id(), fields, capabilities, "1.0");
  }

  final BlockDocumentRecord document(
      BlockSchemaRecord schema, String name, Map<String, @Nullable Object> data) {
    return blocks().createBlockDocument(new NewBlockDocument(name, schema.id(), data, false));
  }

  final BlockDocumentRecord anonymous(
      BlockSchemaRecord schema, Map<String, @Nullable Object> data) {
    return blocks().createBlockDocument(new NewBlockDocument(null, schema.id(), data, true));
  }

  final Map<String, @Nullable Object> clear(BlockDocumentRecord document) {
    return blocks().readBlockDocument(document.id(), true).data();
  }

  final Map<String, @Nullable Object> masked(BlockDocumentRecord document) {
    return blocks().readBlockDocument(document.id(), false).data();
  }

  static Map<String, @Nullable Object> referenceTo(BlockDocumentRecord document) {
    return json("$ref", json("block_document_id", document.id().toString()));
  }

  final DeploymentSpec spec(String flow, String name) {
    return DeploymentSpec.builder(name, api().deployments().createFlow(flow).id())
        .workQueueName("test")
        .entrypoint("LogFlow.java:logFlow")
        .build();
  }

  static DeploymentSpec withBlocks(
      DeploymentSpec spec, @Nullable UUID storage, @Nullable UUID infrastructure) {
    return spec.toBuilder()
        .storageDocumentId(storage)
        .infrastructureDocumentId(infrastructure)
        .build();
  }

  final DeploymentRecord deployment(String flow, String name) {
    return api().deployments().applyDeployment(spec(flow, name)).deployment();
  }

  /** A run of a deployment that waits in the queue {@code test}, due now. */
  final FlowRunRecord scheduledRun() {
    return api()
        .flowRuns()
        .createFlowRun(deployment("log-flow", "log-flow-s3").id(), NewFlowRun.now(Map.of()));
  }

  final WorkQueueRecord queue() {
    return api().workQueues().findWorkQueue("test").orElseThrow();
  }

  final StateTransition propose(FlowRunRecord run, StateType type) {
    return propose(run, State.of(type));
  }

  final StateTransition propose(FlowRunRecord run, State state) {
    return api().flowRuns().setFlowRunState(run.id(), state, false);
  }

  /** Takes a run through states that must each be accepted. */
  final FlowRunRecord take(FlowRunRecord run, StateType... types) {
    for (StateType type : types) {
      StateTransition transition = propose(run, type);
      Assertions.assertThat(transition.status())
          .as("%s: %s", type, transition.reason())
          .isEqualTo(StateTransition.Status.ACCEPT);
    }
    return api().flowRuns().readFlowRun(run.id());
  }

  final FlowRunRecord read(FlowRunRecord run) {
    return api().flowRuns().readFlowRun(run.id());
  }

  /** What was proposed wasn't recorded, and nothing else was. */
  final void assertUnchanged(FlowRunRecord run, StateTransition answer) {
    Assertions.assertThat(answer.state()).isEqualTo(run.state());
    Assertions.assertThat(read(run)).isEqualTo(run);
    Assertions.assertThat(api().flowRuns().listFlowRunStates(run.id()))
        .last()
        .isEqualTo(run.state());
  }
}
