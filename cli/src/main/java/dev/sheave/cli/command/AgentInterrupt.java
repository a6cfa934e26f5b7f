package dev.sheave.cli.command;

import dev.sheave.agent.Agent;
import dev.sheave.cli.terminal.Terminal;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * What Ctrl-C and SIGTERM do to an agent: the first lets its runs end, the second stops them. A
 * shutdown hook could not tell the second one, so the virtual machine's own signal handling is
 * replaced; where it has none that can be, Ctrl-C ends the agent at once, and its runs go on.
 */
final class AgentInterrupt {
  private final Agent agent;
  private final Terminal terminal;
  private final List<Thread> stopping = new ArrayList<>();

  AgentInterrupt(Agent agent, Terminal terminal) {
    this.agent = agent;
    this.terminal = terminal;
  }

  /** Listens to the signals from now on. */
  void install() {
    try {
      // no standard API has signals; by reflection, for the compiler warns of these classes
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listener =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  signalled();
                }
                return null;
              });
      for (String name : List.of("INT", "TERM")) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // signals do then what they do to any program
    }
  }

  private synchronized void signalled() {
    if (stopping.isEmpty()) {
      terminal.complain(
          "Stopping: no more runs are taken, and those under way end first. Ctrl-C again stops"
              + " them.");
      stop("sheave-agent-close", agent::close);
    } else if (stopping.size() == 1) {
      terminal.complain("Stopping the runs under way.");
      stop("sheave-agent-stop", agent::stopNow);
    }
  }

  private void stop(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    stopping.add(thread);
    thread.start();
  }

  /** Whether runs were stopped. */
  synchronized boolean stoppedRuns() {
    return stopping.size() > 1;
  }

  /** Returns when what the signals began has ended. */
  void awaitEnd() {
    List<Thread> threads;
    synchronized (this) {
      threads = List.copyOf(stopping);
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
