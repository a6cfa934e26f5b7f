package dev.sheave.cli.command;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Handles Ctrl-C and SIGTERM in a long-running command: the first signal asks it to end, the second
 * forces it. A shutdown hook wouldn't see the second signal, so the virtual machine's own signal
 * handling is replaced. If it can't be replaced, Ctrl-C ends the command at once.
 */
final class Interrupts {
  private final Consumer<String> lines;
  private final List<Step> steps;
  private final List<Thread> begun = new ArrayList<>();

  /**
   * What one signal does.
   *
   * @param message what is said
   * @param work what is done
   */
  record Step(String message, Runnable work) {}

  /**
   * Prepares for signals: what the first does, and what the second. More do nothing.
   *
   * @param lines takes what is said
   */
  Interrupts(Consumer<String> lines, Step first, Step second) {
    this.lines = lines;
    this.steps = List.of(first, second);
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
      // signals then have their default effect
    }
  }

  private synchronized void signalled() {
    if (begun.size() < steps.size()) {
      Step step = steps.get(begun.size());
      lines.accept(step.message);
      Thread thread = new Thread(step.work, "sheave-interrupt");
      begun.add(thread);
      thread.start();
    }
  }

  /** How many signals did something. */
  synchronized int count() {
    return begun.size();
  }

  /** Waits until the work that the signals started has ended. */
  void awaitEnd() {
    List<Thread> threads;
    synchronized (this) {
      threads = List.copyOf(begun);
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
