package dev.sheave.agent;

import dev.sheave.internal.HostName;
import dev.sheave.internal.ProcessIdentity;
import dev.sheave.internal.ProcessIdentity.Fate;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who an agent is: its id names its process, and which of the agents in that it is.
 *
 * @param id no other agent ever has it
 * @param name what people call it
 */
record AgentIdentity(String id, String name) {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final char SEPARATOR = '#';

  /**
   * Makes an identity.
   *
   * @param name null for one made of host and process id
   */
  static AgentIdentity of(@Nullable String name) {
    int number = COUNT.incrementAndGet();
    String own = HostName.get() + "-" + ProcessHandle.current().pid();
    return new AgentIdentity(
        ProcessIdentity.own()
            + SEPARATOR
            + Integer.toHexString(ThreadLocalRandom.current().nextInt()),
        name != null ? name : number == 1 ? own : own + "-" + number);
  }

  /** Looks what became of the process of an agent. */
  static Fate fateOf(String id) {
    int end = id.indexOf(SEPARATOR);
    return ProcessIdentity.fateOf(end < 0 ? id : id.substring(0, end));
  }
}
