package dev.sheave.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Runs a part of a test in a process of its own: vendors' clients look at environment variables,
 * and a process can't set its own. Not safe for use by several threads.
 */
public final class OwnProcess {
  /** How long a program may take; one that takes longer fails the test. */
  public static final Duration LONGEST = Duration.ofSeconds(60);

  private final Path home;
  private final Map<String, String> environment = new HashMap<>(System.getenv());
  private final List<String> javaOptions = new ArrayList<>();

  /**
   * A program to run: a class with a constructor without parameters. As in an installation, the
   * thread's context class loader doesn't find the backend's classes.
   */
  public interface Program {
    /** Returns the text for the test. */
    String run(List<String> arguments) throws Exception;
  }

  /**
   * The result of a run.
   *
   * @param text what the program returned, or the code and the message of its {@link
   *     SheaveException} with a space between
   * @param trace of that exception; empty if there was none
   * @param took by the program alone, without the start of its process
   * @param printed by the program, its log among it
   */
  public record Answer(String text, String trace, Duration took, String printed) {}

  /**
   * Creates one with the environment of this process.
   *
   * @param home the user's directory in it
   */
  public OwnProcess(Path home) {
    this.home = home;
    environment.put("HOME", home.toString());
  }

  /**
   * Returns what starts a main class of the test's class path in a process of its own.
   *
   * @param options of its Java
   */
  public static ProcessBuilder java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add("-cp");
    // surefire's own class path is a jar that names the tests'
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Its environment variables, to change. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Options of its Java, to add to. */
  public List<String> javaOptions() {
    return javaOptions;
  }

  /**
   * Runs a program until it ends.
   *
   * @throws AssertionError if it takes too long, or throws anything but a {@link SheaveException}
   */
  public Answer run(Class<? extends Program> program, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(home, "output", ".txt");
    Path answer = Files.createTempFile(home, "answer", ".properties");
    List<String> options =
        new ArrayList<>(List.of("-Dslf4j.internal.verbosity=ERROR", "-Duser.home=" + home));
    options.addAll(javaOptions);
    List<String> all = new ArrayList<>(List.of(answer.toString(), program.getName()));
    all.addAll(List.of(arguments));
    ProcessBuilder builder =
        java(options, Main.class, all.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
      String printed = Files.readString(output);
      assertThat(ended).as("the program ends in time; it printed: %s", printed).isTrue();
      assertThat(process.exitValue()).as(printed).isZero();
      Properties told = new Properties();
      try (Reader reader = Files.newBufferedReader(answer)) {
        told.load(reader);
      }
      Duration took = Duration.ofNanos(Long.parseLong(told.getProperty("nanos")));
      return new Answer(told.getProperty("text"), told.getProperty("trace"), took, printed);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The main class of the process. */
  static final class Main {
    private Main() {}

    /** Arguments: the file to answer in, the program, its arguments. */
    public static void main(String[] arguments) throws Exception {
      var constructor =
          Class.forName(arguments[1]).asSubclass(Program.class).getDeclaredConstructor();
      constructor.setAccessible(true);
      Program program = constructor.newInstance();
      Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
      Properties told = new Properties();
      StringWriter trace = new StringWriter();
      long start = System.nanoTime();
      try {
        told.setProperty("text", program.run(List.of(arguments).subList(2, arguments.length)));
      } catch (SheaveException e) {
        told.setProperty("text", e.code() + " " + e.getMessage());
        e.printStackTrace(new PrintWriter(trace));
      }
      told.setProperty("nanos", String.valueOf(System.nanoTime() - start));
      told.setProperty("trace", trace.toString());
      try (Writer writer = Files.newBufferedWriter(Path.of(arguments[0]))) {
        told.store(writer, null);
      }
      // clients may have threads that would keep the process
      System.exit(0);
    }
  }
}
