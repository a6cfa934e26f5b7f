package dev.sheave.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that a test kills, and starts again. */
interface Victim {
  /** What it is called in messages. */
  String name();

  /** Its processes. */
  List<ProcessHandle> processes();

  /** Starts it again after it was killed. */
  void start() throws Exception;

  /** Kills it; returns when it has ended. */
  default void kill() throws Exception {
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  /** Sends a signal to it. */
  default void signal(String name) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    processes().forEach(each -> command.add(Long.toString(each.pid())));
    new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }
}
