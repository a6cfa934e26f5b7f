package dev.sheave.cli.terminal;

import dev.sheave.internal.TextFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a command runs: its streams, its environment and its directory. Text is UTF-8.
 *
 * <p>Results go to {@link #say}, errors and warnings to {@link #complain}, so that results can be
 * piped. Safe for use by several threads.
 */
public final class Terminal {
  /**
   * The system property by which the launcher says that standard output is a terminal. The launcher
   * knows it at no cost; finding out in Java takes longer than a short command.
   */
  public static final String IS_TERMINAL_PROPERTY = "sheave.stdout.terminal";

  /** The system property by which the launcher says that standard input is a terminal. */
  public static final String IS_INPUT_PROPERTY = "sheave.stdin.terminal";

  private final PrintStream out;
  private final PrintStream err;
  private final InputStream in;
  private final Map<String, String> environment;
  private final Path directory;
  private final boolean isTerminal;
  private final boolean coloured;
  private final Supplier<@Nullable Prompter> prompter;

  private Terminal(Builder builder) {
    this.out = stream(Objects.requireNonNull(builder.out, "out"));
    this.err = stream(Objects.requireNonNull(builder.err, "err"));
    this.in = builder.in;
    this.environment = Map.copyOf(builder.environment);
    this.directory = builder.directory.toAbsolutePath().normalize();
    this.isTerminal = builder.isTerminal;
    this.prompter = builder.prompter;
    String noColour = environment.get("NO_COLOR");
    this.coloured =
        builder.isTerminal
            && (noColour == null || noColour.isEmpty())
            && !"dumb".equals(environment.get("TERM"));
  }

  private Terminal(Terminal original, Path directory, Map<String, String> environment) {
    this.out = original.out;
    this.err = original.err;
    this.in = original.in;
    this.environment = Map.copyOf(environment);
    this.directory = directory.toAbsolutePath().normalize();
    this.isTerminal = original.isTerminal;
    this.coloured = original.coloured;
    this.prompter = original.prompter;
  }

  private static PrintStream stream(OutputStream target) {
    return new PrintStream(new BufferedOutputStream(target, 8192), false, StandardCharsets.UTF_8);
  }

  /** The terminal of this process. */
  public static Terminal ofProcess() {
    return builder()
        .out(new FileOutputStream(FileDescriptor.out))
        .err(new FileOutputStream(FileDescriptor.err))
        // a file's own stream asks where it is, which a pipe can't say
        .in(new BufferedInputStream(new FileInputStream(FileDescriptor.in)))
        .environment(System.getenv())
        .isTerminal(Boolean.getBoolean(IS_TERMINAL_PROPERTY))
        .prompter(Terminal::atConsole)
        .build();
  }

  /** A person can be asked if both input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // newer JDKs have one for pipes, too: the launcher knows
  private static @Nullable Prompter atConsole() {
    if (!Boolean.getBoolean(IS_TERMINAL_PROPERTY) || !Boolean.getBoolean(IS_INPUT_PROPERTY)) {
      return null;
    }
    Console console = System.console();
    return console == null ? null : new ConsolePrompter(console);
  }

  /** This terminal in another directory. */
  public Terminal at(Path other) {
    return new Terminal(this, other, environment);
  }

  /** This terminal with an environment variable set. */
  public Terminal with(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(variable, value);
    return new Terminal(this, directory, changed);
  }

  /** Starts a terminal made of given parts. */
  public static Builder builder() {
    return new Builder();
  }

  /** Writes a line to standard output. */
  public void say(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  /** Writes a line to standard error. */
  public void complain(String line) {
    out.flush();
    synchronized (err) {
      err.println(line);
      err.flush();
    }
  }

  /** Writes an error's stack trace to standard error. */
  public void trace(Throwable error) {
    out.flush();
    synchronized (err) {
      error.printStackTrace(err);
      err.flush();
    }
  }

  /** Standard output, for output that is written piece by piece; the caller flushes it. */
  public PrintStream out() {
    return out;
  }

  /** Reads standard input to its end. */
  public String readAll() throws IOException {
    return TextFile.read(in);
  }

  /** The prompter; empty if nobody can be asked, as in scripts and pipes. */
  public Optional<Prompter> prompter() {
    return Optional.ofNullable(prompter.get());
  }

  /** Returns an environment variable. */
  public @Nullable String variable(String name) {
    return environment.get(name);
  }

  /** The environment variables. */
  public Map<String, String> environment() {
    return environment;
  }

  /** The directory that relative paths start from; absolute. */
  public Path directory() {
    return directory;
  }

  /** Resolves a path against this terminal's directory. */
  public Path resolve(String path) {
    return directory.resolve(path).normalize();
  }

  /** Whether standard output is a terminal, where a line can be written over. */
  public boolean isTerminal() {
    return isTerminal;
  }

  /** Whether to write colours: on a terminal that has them, unless {@code NO_COLOR} is set. */
  public boolean coloured() {
    return coloured;
  }

  /** Returns a text in a colour, or as it is where there are none. */
  public String in(Colour colour, String text) {
    return coloured ? "\u001b[" + colour.code + "m" + text + "\u001b[0m" : text;
  }

  /** What colours mean. */
  public enum Colour {
    /** Something worked. */
    GOOD(32),
    /** Something went wrong. */
    BAD(31),
    /** Something to look at. */
    WARNING(33),
    /** What could be left out. */
    FAINT(2);

    private final int code;

    Colour(int code) {
      this.code = code;
    }
  }

  /** Puts a terminal together. Not safe for use by several threads. */
  public static final class Builder {
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private InputStream in = InputStream.nullInputStream();
    private Map<String, String> environment = Map.of();
    private Path directory = Path.of("");
    private boolean isTerminal;
    private Supplier<@Nullable Prompter> prompter = () -> null;

    private Builder() {}

    /** Sets standard output. */
    public Builder out(OutputStream value) {
      this.out = value;
      return this;
    }

    /** Sets standard error. */
    public Builder err(OutputStream value) {
      this.err = value;
      return this;
    }

    /** Sets standard input; by default there is none. */
    public Builder in(InputStream value) {
      this.in = value;
      return this;
    }

    /** Sets the environment variables; by default there are none. */
    public Builder environment(Map<String, String> value) {
      this.environment = value;
      return this;
    }

    /** Sets the directory that relative paths start from; by default the process's. */
    public Builder directory(Path value) {
      this.directory = value;
      return this;
    }

    /** Sets whether standard output is a terminal; by default it isn't. */
    public Builder isTerminal(boolean value) {
      this.isTerminal = value;
      return this;
    }

    /** Sets the prompter; by default there is none. */
    public Builder prompter(Supplier<@Nullable Prompter> value) {
      this.prompter = value;
      return this;
    }

    /** Returns the terminal. */
    public Terminal build() {
      return new Terminal(this);
    }
  }
}
