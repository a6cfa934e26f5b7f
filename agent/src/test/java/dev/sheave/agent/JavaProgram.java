package dev.sheave.agent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of the test's classes in a virtual machine of its own. */
@SuppressWarnings("try") // who waits for its end may be interrupted
final class JavaProgram implements Victim, AutoCloseable {
  private final String name;
  private final Class<?> main;
  private final Map<String, String> environment;
  private final List<String> arguments;
  private final File log;
  private Process process;

  /**
   * Starts it.
   *
   * @param environment variables beside those of the test
   * @param log takes what it prints
   */
  JavaProgram(
      String name, Class<?> main, Map<String, String> environment, List<String> arguments, File log)
      throws IOException {
    this.name = name;
    this.main = main;
    this.environment = environment;
    this.arguments = arguments;
    this.log = log;
    this.process = launch();
  }

  private Process launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(environment);
    return builder.start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<ProcessHandle> processes() {
    return List.of(process.toHandle());
  }

  @Override
  public void start() throws IOException {
    process = launch();
  }

  @Override
  public void close() throws Exception {
    kill();
  }
}
