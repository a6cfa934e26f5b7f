package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.RecordFilter;
import dev.sheave.api.StateType;
import dev.sheave.api.TimeMatch;
import dev.sheave.api.WorkQueueStatus;
import dev.sheave.internal.Version;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The first page, and that of the settings. */
final class HomePages {
  private static final Set<StateType> ACTIVE =
      Set.of(StateType.RUNNING, StateType.PENDING, StateType.CANCELLING, StateType.PAUSED);
  private static final Set<StateType> BROKEN = Set.of(StateType.FAILED, StateType.CRASHED);

  private final Sheave sheave;
  private final Views views;

  private HomePages(Sheave sheave, Views views) {
    this.sheave = sheave;
    this.views = views;
  }

  static void add(PageRoutes routes, Sheave sheave, Views views) {
    HomePages pages = new HomePages(sheave, views);
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
   * @param blocks whether there are blocks
   * @param deployments whether there are deployments
   * @param runs whether there are runs
   * @param api the URL of the records
   */
  record Home(
      List<FlowRunRecord> active,
      int activeCount,
      List<FlowRunRecord> broken,
      int brokenCount,
      List<FlowRunRecord> late,
      int lateCount,
      boolean blocks,
      boolean deployments,
      boolean runs,
      String api) {}

  private PageReply home(PageCall call) {
    FlowRunFilter active = FlowRunFilter.ALL.withStateTypes(ACTIVE);
    FlowRunFilter broken = FlowRunFilter.ALL.withStateTypes(BROKEN);
    FlowRunFilter late =
        FlowRunFilter.ALL.withStateTypes(Set.of(StateType.SCHEDULED)).toBuilder()
            .nextScheduledStartTime(
                TimeMatch.before(Instant.now().minus(WorkQueueStatus.LATE_AFTER)))
            .build();
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
            !sheave
                .api()
                .blocks()
                .listBlockDocuments(BlockDocumentFilter.NAMED, Page.first(1), false)
                .isEmpty(),
            sheave.api().deployments().countDeployments(RecordFilter.ALL) > 0,
            sheave.api().flowRuns().countFlowRuns(RecordFilter.ALL) > 0,
            sheave.api().url()));
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
   */
  record Settings(String version, String database, String java, String home, List<String> types) {}

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
            sheave.blocks().registry().types().stream().map(type -> type.slug()).toList()));
  }
}
