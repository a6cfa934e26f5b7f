package dev.sheave.agent;

import dev.sheave.block.SecretBlock;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowRunContext;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A flow that counts its executions, waits until it is let go, and fails the first time. */
public final class HeldFlow {
  static final AtomicInteger EXECUTIONS = new AtomicInteger();
  static volatile CountDownLatch started = new CountDownLatch(1);
  static volatile CountDownLatch hold = new CountDownLatch(0);

  private HeldFlow() {}

  /** Returns the value of a secret. */
  @Flow(retries = 1)
  public static String flow(SecretBlock token) throws InterruptedException {
    int execution = EXECUTIONS.incrementAndGet();
    FlowRunContext.current().logger().info("execution {}", execution);
    started.countDown();
    hold.await();
    if (execution == 1) {
      throw new IllegalStateException("not yet");
    }
    FlowRunContext.current().logger().info("the end");
    return token.value().reveal();
  }
}
