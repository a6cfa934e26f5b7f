package dev.sheave.examples;

import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import dev.sheave.flow.Param;

/** The tutorial's flow: it greets somebody in its log. */
public final class LogFlow {

  private LogFlow() {}

  /** Says hello. */
  @Flow(name = "log-flow")
  public static String logFlow(@Param("name") String name) {
    FlowRunContext.current().logger().info("Hello {}!", name);
    return "Hello " + name;
  }
}
