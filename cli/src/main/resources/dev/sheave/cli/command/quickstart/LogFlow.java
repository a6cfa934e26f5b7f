import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.Param;
import java.io.IOException;

public final class LogFlow {

  @Flow(name = "log-flow", description = "Greets somebody in the run's log.")
  public static String logFlow(@Param("name") String name) throws IOException {
    String greeting = Greeting.read().to(name);
    FlowRunContext.current().logger().info(greeting);
    return greeting;
  }
}
