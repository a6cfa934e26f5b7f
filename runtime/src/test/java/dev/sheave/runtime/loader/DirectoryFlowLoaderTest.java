package dev.sheave.runtime.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowLoader;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.internal.Folders;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryFlowLoaderTest {
  private static final String FLOW =
      """
      import dev.sheave.flow.Flow;

      public final class LogFlow {
        @Flow(name = "log-flow")
        public static String logFlow(String name) {
          return "Hello " + name + "!";
        }

        public static String notAFlow() {
          return "";
        }
      }
      """;

  @TempDir Path directory;
  @TempDir Path cache;

  private LoadedFlow load(String entrypoint) {
    return new DirectoryFlowLoader(cache)
        .load(directory, Entrypoint.parse(entrypoint), Code.NO_TYPES);
  }

  private @Nullable Object run(String entrypoint, Map<String, Object> parameters) throws Throwable {
    try (LoadedFlow flow = load(entrypoint)) {
      return flow.definition().invoke(flow.definition().arguments(parameters));
    }
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(FlowLoader.class).findFirst())
        .containsInstanceOf(DirectoryFlowLoader.class);
  }

  @Test
  void aFlowIsCompiledFromItsSource() throws Throwable {
    Code.write(directory.resolve("LogFlow.java"), FLOW);

    assertThat(run("./LogFlow.java:logFlow", Map.of("name", "Marvin"))).isEqualTo("Hello Marvin!");
  }

  @Test
  void aSourceSeesItsSourceRootAndTheJarsInLib() throws Throwable {
    Code.write(
        directory.resolve("src/com/acme/LogFlow.java"),
        """
        /* package not.this.one; */
        // nor.this
        package com . acme /* but */ ;

        import com.acme.text.Greeting;
        import dev.sheave.flow.Flow;
        import org.example.Loud;

        public final class LogFlow {
          @Flow
          public static String logFlow() throws Exception {
            try (var words = LogFlow.class.getResourceAsStream("/words.txt")) {
              return Loud.say(Greeting.of(new String(words.readAllBytes())));
            }
          }
        }
        """);
    Code.write(
        directory.resolve("src/com/acme/text/Greeting.java"),
        """
        package com.acme.text;

        public final class Greeting {
          public static String of(String name) {
            return "hello " + name;
          }
        }
        """);
    Code.write(directory.resolve("src/Unrelated.java"), "this is not even Java");
    Code.write(directory.resolve("src/words.txt"), "marvin");
    Path classes = Files.createDirectories(cache.resolve("library"));
    Code.compile(
        classes,
        "Loud.java",
        """
        package org.example;
        public final class Loud {
          public static String say(String text) { return text.toUpperCase(); }
        }
        """);
    Code.jar(classes, directory.resolve("lib/loud.jar"));

    assertThat(run("src/com/acme/LogFlow.java:logFlow", Map.of())).isEqualTo("HELLO MARVIN");
  }

  @Test
  void whatWasCompiledOnceIsNotCompiledAgainUntilItChanges() throws Throwable {
    Path file = Code.write(directory.resolve("LogFlow.java"), FLOW);
    run("LogFlow.java:logFlow", Map.of("name", "Marvin"));
    assertThat(cache).isDirectoryContaining("glob:**");
    Path entry;
    try (var entries = Files.list(cache)) {
      entry = entries.findFirst().orElseThrow();
    }
    // a trap: if these class files are what runs, nothing was compiled
    Code.compile(entry, "LogFlow.java", FLOW.replace("Hello", "Cached"));

    assertThat(run("LogFlow.java:logFlow", Map.of("name", "Marvin"))).isEqualTo("Cached Marvin!");

    Files.writeString(file, FLOW.replace("Hello", "Goodbye"));
    assertThat(run("LogFlow.java:logFlow", Map.of("name", "Marvin"))).isEqualTo("Goodbye Marvin!");
  }

  @Test
  void aSourceThatDoesNotCompileFailsWithTheCompilersWords() {
    Code.write(
        directory.resolve("flows/LogFlow.java"),
        """
        public class LogFlow {
          @dev.sheave.flow.Flow
          public static void logFlow() {
            int answer = "forty-two";
          }
        }
        """);

    assertThatThrownBy(() -> load("flows/LogFlow.java:logFlow"))
        .isInstanceOf(SheaveException.class)
        .hasMessage(
            """
            'flows/LogFlow.java' doesn't compile.
            flows/LogFlow.java:4:18: error: incompatible types: java.lang.String cannot be converted to int""");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void whatIsNotThereIsNamed() {
    Code.write(directory.resolve("LogFlow.java"), FLOW);

    assertThatThrownBy(() -> load("LogFlaw.java:logFlow"))
        .hasMessage(
            "The file 'LogFlaw.java' doesn't exist in '"
                + directory
                + "'. Did you mean"
                + " 'LogFlow.java'?");
    assertThatThrownBy(() -> load("LogFlow.java:logFlaw"))
        .hasMessage(
            "'LogFlow.java' has no method 'logFlaw'. Did you mean 'logFlow'? The flow methods are:"
                + " logFlow.");
    assertThatThrownBy(() -> load("LogFlow.java:notAFlow"))
        .hasMessage(
            "The method LogFlow.notAFlow isn't a flow; annotate it with @Flow. The flow methods"
                + " are: logFlow.");
    assertThatThrownBy(() -> load("com.acme.LogFlow:logFlow"))
        .hasMessage(
            "The class 'com.acme.LogFlow' isn't in the directory, its classes/ or its jars.");
  }

  @Test
  void aFileOutsideOfTheDirectoryIsRefused() {
    Code.write(cache.resolve("LogFlow.java"), FLOW);

    assertThatThrownBy(() -> load("../" + cache.getFileName() + "/LogFlow.java:logFlow"))
        .hasMessageContaining("is outside of '" + directory + "'");
    assertThatThrownBy(() -> load(cache + "/LogFlow.java:logFlow"))
        .hasMessageContaining("is outside of '" + directory + "'");
  }

  @Test
  void twoFlowMethodsOfOneNameAreRefused() {
    Code.write(
        directory.resolve("Two.java"),
        """
        import dev.sheave.flow.Flow;
        public class Two {
          @Flow public static void run() {}
          @Flow public static void run(String text) {}
        }
        """);

    assertThatThrownBy(() -> load("Two.java:run"))
        .hasMessage("'Two.java' has 2 flow methods 'run'; give each a different name.");
  }

  @Test
  void aFlowIsFoundInClassFoldersAndJars() throws Throwable {
    String packaged = "package com.acme;\n" + FLOW;
    Code.compile(directory.resolve("classes"), "LogFlow.java", packaged);
    assertThat(run("com.acme.LogFlow:logFlow", Map.of("name", "A"))).isEqualTo("Hello A!");

    Folders.delete(directory.resolve("classes"));
    Code.compile(directory, "LogFlow.java", packaged);
    assertThat(run("com.acme.LogFlow:logFlow", Map.of("name", "B"))).isEqualTo("Hello B!");
    assertThatThrownBy(() -> load("acme.LogFlow:logFlow"))
        .hasMessageEndingWith(" Did you mean 'com.acme.LogFlow'?");

    Path classes = cache.resolve("moved");
    Files.move(directory.resolve("com"), Files.createDirectories(classes).resolve("com"));
    Code.jar(classes, directory.resolve("flows.jar"));
    assertThat(run("com.acme.LogFlow:logFlow", Map.of("name", "C"))).isEqualTo("Hello C!");
  }

  @Test
  void classesThatCannotWorkHereAreExplained() throws Exception {
    Path file = directory.resolve("LogFlow.class");
    Code.compile(directory, "LogFlow.java", FLOW);
    byte[] bytes = Files.readAllBytes(file);
    bytes[7] = 99;
    Files.write(file, bytes);
    assertThatThrownBy(() -> load("LogFlow:logFlow"))
        .hasMessageContaining("was compiled for Java 55, but this is Java");

    Path library = cache.resolve("library");
    Code.compile(library, "Lib.java", "package org.example; public class Lib {}");
    Code.compile(
        directory,
        "LogFlow.java",
        """
        public class LogFlow {
          @dev.sheave.flow.Flow public static void logFlow() {}
          public static org.example.Lib lib() { return null; }
        }
        """,
        "-cp",
        library + File.pathSeparator + System.getProperty("java.class.path"));
    assertThatThrownBy(() -> load("LogFlow:logFlow"))
        .hasMessage(
            "'LogFlow' needs the class 'org.example.Lib', which wasn't found: put its jar into"
                + " lib/.");
  }

  @Test
  void aFlowSharesSheaveAndNothingElseOfItsRuntime() throws Throwable {
    Code.write(
        directory.resolve("Loaders.java"),
        """
        import dev.sheave.flow.Flow;
        import java.util.ArrayList;
        import java.util.List;

        public class Loaders {
          @Flow
          public static List<String> look() throws Exception {
            List<String> seen = new ArrayList<>();
            ClassLoader loader = Loaders.class.getClassLoader();
            for (String name :
                List.of(
                    "dev.sheave.Sheave", "org.slf4j.Logger", "java.sql.Driver",
                    "com.sun.source.tree.Tree", "tools.jackson.databind.ObjectMapper",
                    "org.junit.jupiter.api.Test")) {
              try {
                Class.forName(name, false, loader);
                seen.add(name);
              } catch (ClassNotFoundException e) {
                // not for flows
              }
            }
            for (String name :
                List.of(
                    "dev/sheave/Sheave.class",
                    "META-INF/services/dev.sheave.block.BlockProvider",
                    "META-INF/services/org.junit.platform.engine.TestEngine")) {
              if (loader.getResources(name).hasMoreElements()) {
                seen.add(name);
              }
            }
            return seen;
          }
        }
        """);

    assertThat(run("Loaders.java:look", Map.of()))
        .isEqualTo(
            List.of(
                "dev.sheave.Sheave",
                "org.slf4j.Logger",
                "java.sql.Driver",
                "com.sun.source.tree.Tree",
                "dev/sheave/Sheave.class",
                "META-INF/services/dev.sheave.block.BlockProvider"));
  }

  @Test
  void newCodeIsCompiledWhileOthersUseWhatTheyHaveCompiled() throws Exception {
    List<Path> entries = new ArrayList<>();
    for (int i = 0; i < CompiledClasses.MAX_ENTRIES - 10; i++) {
      entries.add(Files.createDirectory(cache.resolve("entry" + i)));
    }
    AtomicBoolean isOver = new AtomicBoolean();
    Thread others =
        new Thread(
            () -> {
              for (int i = 1; !isOver.get(); i++) {
                Path used = entries.get(Math.floorMod(i * 37, entries.size()));
                assertThat(used.toFile().setLastModified(i * 7919L % 1_000_000)).isTrue();
              }
            });
    others.start();
    try {
      for (int i = 0; i < 9; i++) {
        Code.write(directory.resolve("LogFlow.java"), FLOW + "// " + i);
        load("LogFlow.java:logFlow").close();
      }
    } finally {
      isOver.set(true);
      others.join();
    }
  }

  @Test
  void aFlowBringsItsOwnVersionOfALibraryThatSheaveUses() throws Throwable {
    Path classes = cache.resolve("library");
    Code.compile(
        classes,
        "ObjectMapper.java",
        """
        package tools.jackson.databind;
        public class ObjectMapper {
          @Override public String toString() { return "the flow's own"; }
        }
        """,
        "-cp",
        classes.toString());
    Code.jar(classes, directory.resolve("lib/jackson.jar"));
    Code.write(
        directory.resolve("Own.java"),
        """
        public class Own {
          @dev.sheave.flow.Flow
          public static String look() { return new tools.jackson.databind.ObjectMapper().toString(); }
        }
        """);

    assertThat(run("Own.java:look", Map.of())).isEqualTo("the flow's own");
  }
}
