package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.ArtifactApi;
import dev.sheave.api.ArtifactApi.ArtifactSort;
import dev.sheave.api.ArtifactApi.ArtifactUpdate;
import dev.sheave.api.ArtifactFilter;
import dev.sheave.api.ArtifactRecord;
import dev.sheave.api.Change;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.NewArtifact;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contract of artifacts. */
public abstract class ArtifactContract extends OrchestrationContract {

  /** For the test of an implementation. */
  protected ArtifactContract() {}

  private ArtifactApi artifacts() {
    return api().artifacts();
  }

  private ArtifactRecord made(@Nullable String key, Object data) {
    return artifacts().createArtifact(NewArtifact.builder().key(key).data(data).build());
  }

  @Test
  void anArtifactIsReadAsItWasCreated() {
    FlowRunRecord run = scheduledRun();

    ArtifactRecord made =
        artifacts()
            .createArtifact(
                NewArtifact.builder()
                    .key("report-1")
                    .type("table")
                    .description("Rows.")
                    .data(List.of(json("a", 1), json("a", null)))
                    .metadata(json("source", "x"))
                    .flowRunId(run.id())
                    .build());

    assertThat(made.key()).isEqualTo("report-1");
    assertThat(made.type()).isEqualTo("table");
    assertThat(made.description()).isEqualTo("Rows.");
    assertThat(made.data()).isEqualTo(List.of(json("a", 1), json("a", null)));
    assertThat(made.metadata()).isEqualTo(json("source", "x"));
    assertThat(made.flowRunId()).isEqualTo(run.id());
    assertThat(artifacts().readArtifact(made.id())).isEqualTo(made);
    api().flowRuns().deleteFlowRun(run.id());
    assertRefused(Code.NOT_FOUND, () -> artifacts().readArtifact(made.id()));
  }

  @Test
  void artifactsAreRefusedThatCantBe() {
    assertRefused(Code.INVALID, () -> made("Not A Key", "x"));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            artifacts().createArtifact(NewArtifact.builder().flowRunId(UUID.randomUUID()).build()));
    assertRefused(
        Code.NOT_FOUND,
        () ->
            artifacts().createArtifact(NewArtifact.builder().taskRunId(UUID.randomUUID()).build()));
  }

  @Test
  void theNewestOfAKeyIsTheLatest() {
    ArtifactRecord first = made("k", "one");
    ArtifactRecord second = made("k", "two");
    ArtifactRecord other = made("a", "three");
    ArtifactRecord nameless = made(null, "four");

    assertThat(artifacts().findLatestArtifact("k")).contains(second);
    assertThat(artifacts().findLatestArtifact("x")).isEmpty();
    assertThat(listed(true, ArtifactSort.KEY_ASC)).containsExactly(other, second);
    assertThat(listed(true, ArtifactSort.KEY_DESC)).containsExactly(second, other);
    assertThat(listed(false, ArtifactSort.CREATED_DESC))
        .containsExactly(nameless, other, second, first);

    artifacts().deleteArtifact(second.id());
    assertThat(artifacts().findLatestArtifact("k")).contains(first);
    assertRefused(Code.NOT_FOUND, () -> artifacts().deleteArtifact(second.id()));
  }

  private List<ArtifactRecord> listed(boolean onlyLatest, ArtifactSort sort) {
    List<ArtifactRecord> listed =
        artifacts()
            .listArtifacts(ArtifactFilter.ALL, RecordFilter.ALL, onlyLatest, sort, Page.FIRST);
    assertThat(artifacts().countArtifacts(ArtifactFilter.ALL, RecordFilter.ALL, onlyLatest))
        .isEqualTo(listed.size());
    return listed;
  }

  @Test
  void artifactsAreFoundByWhatTheyAreAndWhoMadeThem() {
    FlowRunRecord run = scheduledRun();
    made("k", "one");
    ArtifactRecord ofRun =
        artifacts()
            .createArtifact(
                NewArtifact.builder().type("markdown").data("# Hi").flowRunId(run.id()).build());

    assertThat(
            artifacts()
                .listArtifacts(
                    ArtifactFilter.ALL.toBuilder()
                        .key(FieldMatch.isNull(true))
                        .type(FieldMatch.anyOf(Set.of("markdown")))
                        .build(),
                    RecordFilter.of(FlowRunFilter.ALL.withIds(Set.of(run.id()))),
                    false,
                    ArtifactSort.ID_DESC,
                    Page.FIRST))
        .containsExactly(ofRun);
    assertThat(
            artifacts()
                .countArtifacts(
                    ArtifactFilter.ALL, RecordFilter.ALL.withFlowNames(Set.of("no-flow")), false))
        .isZero();
  }

  @Test
  void anArtifactIsChanged() {
    ArtifactRecord made = made("k", "one");

    artifacts()
        .updateArtifact(
            made.id(), new ArtifactUpdate(Change.keep(), Change.to("New."), Change.keep()));
    artifacts()
        .updateArtifact(
            made.id(), new ArtifactUpdate(Change.to(json("a", 1)), Change.keep(), Change.keep()));

    ArtifactRecord changed = artifacts().readArtifact(made.id());
    assertThat(changed.description()).isEqualTo("New.");
    assertThat(changed.data()).isEqualTo(json("a", 1));
    assertThat(changed.updated()).isAfter(made.updated());
  }
}
