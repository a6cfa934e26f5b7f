package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewFlowRun;
import dev.sheave.api.StateType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link dev.sheave.api.BlockApi} for blocks that refer to blocks, and for blocks
 * in use.
 */
public abstract class BlockReferenceContract extends OrchestrationContract {
  private static final String MASK = "********";

  /** For the test of an implementation. */
  protected BlockReferenceContract() {}

  private BlockSchemaRecord creds() {
    return schema("my-creds", "password");
  }

  private BlockDocumentRecord mine() {
    return document(creds(), "mine", json("user", "u", "password", "s3cret"));
  }

  @Test
  void theValuesOfAReferencedBlockStandInItsPlace() {
    BlockDocumentRecord creds = mine();

    BlockDocumentRecord database =
        document(schema("my-db"), "db", json("name", "d", "creds", referenceTo(creds)));

    assertThat(masked(database))
        .isEqualTo(json("name", "d", "creds", json("user", "u", "password", MASK)));
    assertThat(clear(database))
        .isEqualTo(json("name", "d", "creds", json("user", "u", "password", "s3cret")));
    assertThat(database.references())
        .isEqualTo(
            Map.of("creds", new Reference(creds.id(), "mine", "my-creds", false, creds.updated())));
  }

  @Test
  void aChangeInTheReferencedBlockIsSeenByItsUsers() {
    BlockDocumentRecord creds = mine();
    BlockDocumentRecord database =
        document(schema("my-db"), "db", json("creds", referenceTo(creds)));

    blocks().updateBlockDocument(creds.id(), creds().id(), json("user", "new"), true, null);

    assertThat(clear(database)).isEqualTo(json("creds", json("user", "new", "password", "s3cret")));
  }

  @Test
  void referencesStandAnywhereAndLeadAnyDistance() {
    BlockDocumentRecord creds = mine();
    BlockDocumentRecord middle = document(schema("my-db"), "db", json("creds", referenceTo(creds)));

    BlockDocumentRecord top =
        document(
            schema("cluster"),
            "all",
            json(
                "list", List.of(referenceTo(middle), json("in", referenceTo(creds))),
                "map", json("k", referenceTo(creds))));

    assertThat(top.references())
        .containsOnlyKeys("list[0]", "list[0].creds", "list[1].in", "map.k");
    assertThat(masked(top))
        .isEqualTo(
            json(
                "list",
                    List.of(
                        json("creds", json("user", "u", "password", MASK)),
                        json("in", json("user", "u", "password", MASK))),
                "map", json("k", json("user", "u", "password", MASK))));
  }

  @Test
  void aParentsSchemaCanHideWhatTheChildsDoesNot() {
    BlockDocumentRecord child = document(schema("string"), "text", json("value", "s3cret"));

    BlockDocumentRecord parent =
        document(schema("holder", "text.value"), "mine", json("text", referenceTo(child)));

    assertThat(masked(parent)).isEqualTo(json("text", json("value", MASK)));
  }

  @Test
  void aReferenceLeadsToABlockThatExists() {
    UUID nothing = UUID.randomUUID();

    assertRefused(
            Code.NOT_FOUND,
            () ->
                document(
                    schema("my-db"),
                    "db",
                    json("creds", json("$ref", json("block_document_id", nothing.toString())))))
        .hasMessageContaining(nothing.toString());
    assertThat(blocks().findBlockDocument("my-db", "db", false)).isEmpty();
  }

  @Test
  void aReferenceSaysWhichBlock() {
    BlockSchemaRecord schema = schema("my-db");

    assertRefused(Code.INVALID, () -> document(schema, "db", json("creds", json("$ref", json()))));
    assertRefused(
        Code.INVALID,
        () ->
            document(schema, "db", json("creds", json("$ref", json("block_document_id", "mine")))));
  }

  @Test
  void theReferencesOfJsonSchemasAreValues() {
    Map<String, Object> value = Map.of("$ref", "#/definitions/x");

    assertThat(clear(document(schema("json"), "schema", json("value", value))))
        .isEqualTo(json("value", value));
  }

  @Test
  void blocksDoNotReferInCircles() {
    BlockSchemaRecord schema = schema("node");
    BlockDocumentRecord a = document(schema, "a", json());
    BlockDocumentRecord b = document(schema, "b", json("next", referenceTo(a)));
    BlockDocumentRecord c = document(schema, "c", json("next", referenceTo(b)));

    assertRefused(
            Code.INVALID,
            () ->
                blocks()
                    .updateBlockDocument(
                        a.id(), schema.id(), json("next", referenceTo(c)), false, null))
        .hasMessageContainingAll("node/a", "node/c");
    assertRefused(
        Code.INVALID,
        () ->
            blocks()
                .updateBlockDocument(
                    a.id(), schema.id(), json("next", referenceTo(a)), false, null));
    assertThat(clear(c)).isEqualTo(json("next", json("next", json())));
  }

  @Test
  void anUpdateChangesWhatIsReferredTo() {
    BlockDocumentRecord first = mine();
    BlockDocumentRecord second =
        document(creds(), "other", json("user", "o", "password", "s3cret"));
    BlockSchemaRecord schema = schema("my-db");
    BlockDocumentRecord database = document(schema, "db", json("creds", referenceTo(first)));

    blocks()
        .updateBlockDocument(
            database.id(), schema.id(), json("creds", referenceTo(second)), true, null);

    assertThat(blocks().usersOfBlockDocument(first.id())).isEmpty();
    assertThat(blocks().usersOfBlockDocument(second.id())).containsExactly("block my-db/db");
    assertThat(blocks().readBlockDocument(database.id(), false).references().get("creds"))
        .extracting(Reference::id)
        .isEqualTo(second.id());
  }

  @Test
  void aBlockInUseIsKeptAndItsUsersAreNamed() {
    BlockDocumentRecord creds = mine();
    document(schema("my-db"), "db", json("creds", referenceTo(creds)));
    api().deployments().applyDeployment(withBlocks(spec("log-flow", "stored"), creds.id(), null));
    api().deployments().applyDeployment(withBlocks(spec("log-flow", "executed"), null, creds.id()));

    assertThat(blocks().usersOfBlockDocument(creds.id()))
        .containsExactly(
            "deployment log-flow/executed", "deployment log-flow/stored", "block my-db/db");
    assertRefused(Code.CONFLICT, () -> blocks().deleteBlockDocument(creds.id(), false))
        .hasMessageContainingAll(
            "my-creds/mine",
            "deployment log-flow/executed",
            "deployment log-flow/stored",
            "my-db/db");
    assertThat(clear(creds)).containsEntry("password", "s3cret");
  }

  @Test
  void aRunThatIsNotOverUsesItsInfrastructure() {
    BlockDocumentRecord process = document(schema("process"), "mine", json());
    var deployment =
        api()
            .deployments()
            .applyDeployment(withBlocks(spec("log-flow", "executed"), null, process.id()))
            .deployment();
    FlowRunRecord run = api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(Map.of()));
    api().deployments().deleteDeployment(deployment.id());

    assertThat(blocks().usersOfBlockDocument(process.id()))
        .containsExactly("flow run " + run.name());

    take(run, StateType.PENDING, StateType.RUNNING, StateType.COMPLETED);

    assertThat(blocks().usersOfBlockDocument(process.id())).isEmpty();
    blocks().deleteBlockDocument(process.id(), false);
    assertThat(api().flowRuns().readFlowRun(run.id()).infrastructureDocumentId()).isNull();
  }

  @Test
  void detachingTakesNothingAlong() {
    BlockDocumentRecord creds = mine();
    BlockDocumentRecord database =
        document(
            schema("my-db"),
            "db",
            json(
                "name", "d",
                "creds", referenceTo(creds),
                "more", List.of(referenceTo(creds), "x")));
    var deployment =
        api()
            .deployments()
            .applyDeployment(withBlocks(spec("log-flow", "both"), creds.id(), creds.id()))
            .deployment();
    FlowRunRecord run = api().flowRuns().createFlowRun(deployment.id(), NewFlowRun.now(Map.of()));

    blocks().deleteBlockDocument(creds.id(), true);

    BlockDocumentRecord left = blocks().readBlockDocument(database.id(), true);
    assertThat(left.data())
        .isEqualTo(json("name", "d", "creds", null, "more", Arrays.asList(null, "x")));
    assertThat(left.references()).isEmpty();
    assertThat(left.updated()).isAfter(database.updated());
    assertThat(api().deployments().readDeployment(deployment.id()).spec())
        .isEqualTo(withBlocks(deployment.spec(), null, null));
    assertThat(api().flowRuns().readFlowRun(run.id()).infrastructureDocumentId()).isNull();
  }
}
