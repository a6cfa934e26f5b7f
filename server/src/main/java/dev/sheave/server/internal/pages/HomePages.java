package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.DeploymentApi.DeploymentSort;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.PruneRule;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.internal.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The first page, and that of the settings. */
final class HomePages {
  private static final Set<StateType> ACTIVE =
      Set.of(StateType.RUNNING, StateType.PENDING, StateType.CANCELLING, StateType.PAUSED);
  private static final Set<StateType> BROKEN = Set.of(StateType.FAILED, StateType.CRASHED);

  /** What the code of flows can be put into. */
  private static final BlockDocumentFilter STORAGES =
      new BlockDocumentFilter(Set.of(), Set.of("put-directory"), false);

  private final Sheave sheave;
  private final Views views;
  private final @Nullable PruneRule kept;

  private HomePages(Sheave sheave, Views views, @Nullable PruneRule kept) {
    this.sheave = sheave;
    this.views = views;
    this.kept = kept;
  }

  static void add(PageRoutes routes, Sheave sheave, Views views, @Nullable PruneRule kept) {
    HomePages pages = new HomePages(sheave, views, kept);
    routes.get("/", pages::home).get("/settings", pages::settings);
  }

  /**
   * What the first page shows.
   *
   * @param active runs that are under way
   * @param activeCount how many there are
   * @param broken runs that failed last
   * @param brokenCount how many there are
   * @param late runs that should have started
   * @param lateCount how many there are
   * @param step what is to be done next, from 1, until something has run; 0 from then on
   * @param storage the block that the steps use: one that is there, or an example
   * @param deployment the deployment that they use
   * @param queue the work queue that they use
   */
  record Home(
      List<FlowRunRecord> active,
      int activeCount,
      List<FlowRunRecord> broken,
      int brokenCount,
      List<FlowRunRecord> late,
      int lateCount,
      int step,
      String storage,
      String deployment,
      String queue) {}

  private PageReply home(PageCall call) {
    FlowRunFilter active = FlowRunFilter.ALL.withStateTypes(ACTIVE);
    FlowRunFilter broken = FlowRunFilter.ALL.withStateTypes(BROKEN);
    FlowRunFilter late =
        FlowRunFilter.ALL.withStateTypes(Set.of(StateType.SCHEDULED)).toBuilder()
            .nextScheduledStartTime(
                TimeMatch.before(Instant.now().minus(WorkQueueStatus.LATE_AFTER)))
            .build();
    Optional<BlockDocumentRecord> storage =
        first(sheave.api().blocks().listBlockDocuments(STORAGES, Page.first(1), false));
    Optional<DeploymentRecord> deployment =
        first(
            sheave
                .api()
                .deployments()
                .listDeployments(RecordFilter.ALL, DeploymentSort.NAME_ASC, Page.first(1)));
    return views.page(
        call,
        "Home",
        "/",
        "home",
        new Home(
            first(active, FlowRunSort.START_TIME_DESC),
            count(active),
            first(broken, FlowRunSort.END_TIME_DESC),
            count(broken),
            first(late, FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC),
            count(late),
            sheave.api().flowRuns().countFlowRuns(RecordFilter.ALL) > 0
                ? 0
                : deployment.isPresent() ? 3 : storage.isPresent() ? 2 : 1,
            storage.map(BlockDocumentRecord::reference).orElse("s3/log-test"),
            deployment.map(DeploymentRecord::fullName).orElse("log-flow/log-flow"),
            deployment
                .flatMap(there -> Optional.ofNullable(there.spec().workQueueName()))
                .orElse("default")));
  }

  private static <T> Optional<T> first(List<T> records) {
    return records.stream().findFirst();
  }

  private List<FlowRunRecord> first(FlowRunFilter filter, FlowRunSort sort) {
    return sheave.api().flowRuns().listFlowRuns(filter, sort, Page.first(8));
  }

  private int count(FlowRunFilter filter) {
    return sheave.api().flowRuns().countFlowRuns(RecordFilter.of(filter));
  }

  /**
   * What the page of the settings shows.
   *
   * @param version the version of the server
   * @param database where the records are
   * @param java what it runs on
   * @param home the folder with its files
   * @param types the block types that are installed
   * @param retention how long runs are kept
   */
  record Settings(
      String version,
      String database,
      String java,
      String home,
      List<String> types,
      String retention) {}

  private PageReply settings(PageCall call) {
    return views.page(
        call,
        "Settings",
        "/settings",
        "settings",
        new Settings(
            Version.current(),
            sheave.api().url(),
            System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
            sheave.home().toString(),
            sheave.blocks().registry().types().stream().map(type -> type.slug()).toList(),
            retention()));
  }

  private String retention() {
    return kept == null
        ? "until they are deleted; 'sheave server start --keep-runs 30d' removes older ones"
        : Show.duration(kept.olderThan()) + " after their end";
  }
}
