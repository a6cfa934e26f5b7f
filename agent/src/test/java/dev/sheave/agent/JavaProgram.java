package dev.sheave.agent;

import dev.sheave.testkit.OwnProcess;
import java.io.File;
import java.io.IOException;
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
    ProcessBuilder builder =
        OwnProcess.java(List.of("-Xmx128m"), main, arguments.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null")) // nobody hands it a key
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
