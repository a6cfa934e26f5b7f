import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.Param;
import java.io.IOException;
import org.slf4j.Logger;

/** The tutorial's flow: it greets somebody in its log. */
public final class LogFlow {

  private LogFlow() {}

  /** Says hello, with the greeting in {@code greeting.txt}. */
  @Flow(name = "log-flow")
  public static String logFlow(@Param("name") String name) throws IOException {
    Logger logger = FlowRunContext.current().logger();
    String greeting = Greeting.read().to(name);
    logger.info(greeting);
    logger.info("Java {}", System.getProperty("java.version"));
    return greeting;
  }
}
