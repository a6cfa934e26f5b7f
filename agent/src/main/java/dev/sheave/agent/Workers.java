package dev.sheave.agent;

import java.util.concurrent.atomic.AtomicInteger;

/** The agent's threads in the background; they don't keep a program running. */
final class Workers {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Workers() {}

  static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "sheave-agent-" + COUNT.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
