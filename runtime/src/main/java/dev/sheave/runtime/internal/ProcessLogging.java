package dev.sheave.runtime.internal;

import dev.sheave.SheaveException;
import dev.sheave.infrastructure.internal.RunOutputStream;
import dev.sheave.internal.Settings;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Routes the lines of all loggers of a flow-run process: to the run's log during a run, and only to
 * standard output before it.
 */
public final class ProcessLogging {
  private static final RunOutputStream OUTPUT = RunOutputStream.ofProcess();

  /**
   * Standard output, on a stream of its own: a flow may hold the lock of {@link System#out} for
   * ever, or replace it.
   */
  public static final PrintStream STANDARD_OUTPUT =
      new PrintStream(OUTPUT, true, StandardCharsets.UTF_8);

  /** Standard error, for programs whose output is something else. */
  public static final PrintStream STANDARD_ERROR =
      new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

  private static volatile Lines lines = new Console(STANDARD_OUTPUT);
  private static volatile Level defaultThreshold = Level.INFO;
  private static volatile @Nullable RunLog runLog;

  private ProcessLogging() {}

  /**
   * Makes Sheave's runtime the logging backend of this process. Must be called before anything
   * logs.
   */
  public static void install() {
    if (OUTPUT.isFile()) { // of both; lines keep their order
      System.setOut(buffered(OUTPUT));
      System.setErr(buffered(OUTPUT));
    }
    install(STANDARD_OUTPUT, Level.INFO);
  }

  private static PrintStream buffered(OutputStream out) {
    return new PrintStream(new BufferedOutputStream(out), true, StandardCharsets.UTF_8);
  }

  /**
   * Makes Sheave's runtime the logging backend of a program. Must be called before anything logs.
   *
   * @param out where lines go while there is no run
   * @param threshold the level from which lines are kept, unless {@code SHEAVE_LOGGING_LEVEL} says
   */
  public static void install(PrintStream out, Level threshold) {
    lines = new Console(out);
    defaultThreshold = threshold;
    // named like this SLF4J looks for no other, whatever is on the class path
    System.setProperty("slf4j.provider", CapturingServiceProvider.class.getName());
    System.setProperty("slf4j.internal.verbosity", "WARN");
    // Java's own logging prints to standard error; read when the first library uses it
    if (System.getProperty("java.util.logging.config.class") == null
        && System.getProperty("java.util.logging.config.file") == null) {
      System.setProperty("java.util.logging.config.class", JavaLogging.class.getName());
    }
  }

  /**
   * From now on prints each line as a JSON object to standard output, from the level {@code INFO}
   * unless {@code SHEAVE_LOGGING_LEVEL} says.
   */
  public static void printJson() {
    lines = new JsonLines(STANDARD_OUTPUT);
    defaultThreshold = Level.INFO;
  }

  /** Whether warnings of Sheave's own libraries are logged. */
  static boolean showsLibraries() {
    return threshold().toInt() <= Level.DEBUG.toInt();
  }

  /**
   * Sends the lines of all loggers to a run's log from now on; or, with null, to standard output
   * alone.
   */
  public static void sendTo(@Nullable RunLog log) {
    runLog = log;
  }

  static void write(String loggerName, Level level, String message) {
    RunLog log = runLog;
    if (log == null) {
      lines.print(Instant.now(), level, loggerName, message);
    } else {
      log.write(loggerName, level, message);
    }
  }

  /**
   * The level from which lines are kept: {@code SHEAVE_LOGGING_LEVEL}, of the environment or the
   * active profile, else the program's default.
   *
   * @return the level; {@code INFO} if it isn't valid
   */
  public static Level threshold() {
    return Wanted.LEVEL.map(ProcessLogging::levelOf).orElse(defaultThreshold);
  }

  /** Read once, by the first who asks. */
  private static final class Wanted {
    static final Optional<String> LEVEL = read();

    private static Optional<String> read() {
      try {
        return Settings.ofProcess().loggingLevel();
      } catch (SheaveException e) {
        return Optional.empty(); // of a profile that can't be read; who connects is told
      }
    }
  }

  static Level levelOf(String name) {
    return switch (name.strip().toUpperCase(Locale.ROOT)) {
      case "TRACE" -> Level.TRACE;
      case "DEBUG" -> Level.DEBUG;
      case "WARN", "WARNING" -> Level.WARN;
      case "ERROR", "CRITICAL" -> Level.ERROR;
      default -> Level.INFO;
    };
  }
}
