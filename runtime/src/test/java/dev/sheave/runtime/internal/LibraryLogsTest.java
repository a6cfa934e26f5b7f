package dev.sheave.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user sees of the logs of libraries: those of a flow's own, and none of Sheave's. */
class LibraryLogsTest {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void install() {
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    LogManager.getLogManager().reset();
    JavaLogging unused = new JavaLogging();
    assertThat(unused).isNotNull();
  }

  @AfterEach
  void remove() throws IOException {
    System.setErr(before);
    LogManager.getLogManager().readConfiguration();
  }

  /** A library, which warns with Java's logging and with SLF4J. */
  public static final class Library implements Runnable {
    @Override
    public void run() {
      Logger.getLogger("com.example.library").warning("Java says so");
      System.getLogger("com.example.library")
          .log(System.Logger.Level.WARNING, "The system says so");
    }
  }

  /** A library that asks for a logger of SLF4J. */
  public static final class Slf4jLibrary implements Runnable {
    @Override
    public void run() {
      boolean warns =
          new CapturingServiceProvider()
              .getLoggerFactory()
              .getLogger("com.example.library")
              .isErrorEnabled();
      System.setProperty("sheave.test.warns", String.valueOf(warns));
    }
  }

  /** Loads a library as a flow that brings it does. */
  private static final class FlowLoader extends ClassLoader implements FlowCodeLoader {
    FlowLoader() {
      super(LibraryLogsTest.class.getClassLoader());
    }

    Runnable load(Class<?> type) throws Exception {
      String file = type.getName().replace('.', '/') + ".class";
      try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in).readAllBytes();
        return (Runnable)
            defineClass(type.getName(), bytes, 0, bytes.length).getConstructor().newInstance();
      }
    }
  }

  @Test
  void aWarningOfSheavesLibraryIsNotShown() {
    new Library().run();
    new Slf4jLibrary().run();
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(System.getProperty("sheave.test.warns")).isEqualTo("false");
  }

  @Test
  void aWarningOfAFlowsOwnLibraryIsShown() throws Exception {
    new FlowLoader().load(Library.class).run();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("Java says so", "The system says so");
    new FlowLoader().load(Slf4jLibrary.class).run();
    assertThat(System.getProperty("sheave.test.warns")).isEqualTo("true");
  }
}
