package dev.sheave.agent;

import dev.sheave.api.FlowRunApi;
import dev.sheave.api.FlowRunApi.FlowRunSort;
import dev.sheave.api.FlowRunFilter;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import java.util.ArrayList;
import java.util.List;

/** Lists runs, however many there are. */
final class AllRuns {
  private AllRuns() {}

  static List<FlowRunRecord> of(FlowRunApi api, FlowRunFilter filter) {
    List<FlowRunRecord> all = new ArrayList<>();
    Page page = Page.FIRST;
    while (true) {
      List<FlowRunRecord> some = api.listFlowRuns(filter, FlowRunSort.CREATED_DESC, page);
      all.addAll(some);
      if (some.size() < page.limit()) {
        return all;
      }
      page = page.next();
    }
  }
}
