import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.Param;

public final class Count {
  @Flow(name = "count")
  public static int count(@Param(value = "to", defaultValue = "30") int to) throws InterruptedException {
    for (int i = 1; i <= to; i++) {
      FlowRunContext.current().logger().info("{} of {}", i, to);
      Thread.sleep(200);
    }
    return to;
  }
}
