package dev.sheave.runtime.loader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.LoadedFlow;
import dev.sheave.testkit.OwnProcess;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows are found by method or name, in files with several, in jars of any kind, with any Java. */
class FindingFlowsTest {
  private static final String SEVERAL =
      """
      import dev.sheave.flow.Flow;

      public class Several {
        @Flow public static String first() { return "1"; }
        @Flow(name = "the-second") public String second() { return "2"; }
        @Flow(name = "twin") public static String third() { return "3"; }
        @Flow(name = "twin") public static String fourth() { return "4"; }
      }
      """;

  @TempDir Path directory;
  @TempDir Path other;

  private @Nullable Object run(String entrypoint) throws Throwable {
    try (LoadedFlow flow =
        new DirectoryFlowLoader(null)
            .load(directory, Entrypoint.parse(entrypoint), Code.NO_TYPES)) {
      return flow.definition().invoke(new Object[0]);
    }
  }

  @Test
  void aFileMayHaveSeveralFlows() throws Throwable {
    Code.write(directory.resolve("Several.java"), SEVERAL);

    assertThat(run("Several.java:first")).isEqualTo("1");
    assertThat(run("Several.java:second")).isEqualTo("2");
    assertThatThrownBy(() -> run("Several.java:none"))
        .hasMessage(
            "'Several.java' has no method 'none'. The flow methods are: first, fourth, second,"
                + " third.");
  }

  @Test
  void sourcesMayStartWithAByteOrderMarkAndEndTheirLinesAsOnWindows() throws Throwable {
    Code.write(
        directory.resolve("Several.java"),
        "\uFEFF" + SEVERAL.replace("\"1\"", "Other.NAME").replace("\n", "\r\n"));
    Code.write(
        directory.resolve("Other.java"),
        "\uFEFFclass Other { static final String NAME = \"other\"; }");

    assertThat(run("Several.java:first")).isEqualTo("other");
  }

  @Test
  void aSourceInAnotherEncodingIsSaid() throws Throwable {
    Files.write(directory.resolve("Several.java"), SEVERAL.getBytes(StandardCharsets.UTF_16));

    assertThatThrownBy(() -> run("Several.java:first"))
        .hasMessage(
            "The source file 'Several.java' can't be read: it is UTF-16 text; save it as UTF-8.");
  }

  @Test
  void theFlowsNameDoesWhereItIsTheOnlyOne() throws Throwable {
    Code.write(directory.resolve("Several.java"), SEVERAL);

    assertThat(run("Several.java:the-second")).isEqualTo("2");
    assertThatThrownBy(() -> run("Several.java:twin"))
        .hasMessage(
            "'Several.java' has 2 flows named 'twin'; name one by its method: fourth, third.");
  }

  @Test
  void aNestedClassesFlowIsNamedByTheFileOrByTheClass() throws Throwable {
    String outer =
        """
        import dev.sheave.flow.Flow;

        public class Outer {
          public static class Nested { @Flow public String nested() { return "nested"; } }
          public class Inner { @Flow public String inner() { return "inner"; } }
        }
        """;
    Code.write(directory.resolve("Outer.java"), outer);
    Code.compile(directory.resolve("classes"), "Outer.java", "package com.acme;\n" + outer);

    for (String named :
        List.of("Outer.java", "com.acme.Outer", "com.acme.Outer.Nested", "com.acme.Outer$Nested")) {
      assertThat(run(named + ":nested")).isEqualTo("nested");
    }
    assertThatThrownBy(() -> run("Outer.java:inner"))
        .hasMessageStartingWith(
            "The flow Outer.Inner.inner can't be called: its class Inner is an inner class");
  }

  @Test
  void aFatJarHasTheFlowAndItsLibraries() throws Throwable {
    Path classes = other.resolve("fat");
    Code.compile(
        classes, "Lib.java", "package org.example; public class Lib { public static int x = 7; }");
    // as shading does: what ships with Sheave is in there too, and isn't what counts
    Path own = classes.resolve("dev/sheave/flow/Flow.class");
    Files.createDirectories(own.getParent());
    Files.writeString(own, "not a class");
    Code.compile(
        classes,
        "FatFlow.java",
        """
        package com.acme;
        public class FatFlow {
          @dev.sheave.flow.Flow public static int fat() { return org.example.Lib.x; }
        }
        """,
        "-cp",
        System.getProperty("java.class.path") + File.pathSeparator + classes);
    Code.jar(classes, directory.resolve("app.jar"));

    assertThat(run("com.acme.FatFlow:fat")).isEqualTo(7);
  }

  @Test
  void aJarForSeveralReleasesGivesTheClassForThisOne() throws Throwable {
    Path old = other.resolve("old");
    Path current = other.resolve("current");
    String source =
        "package org.example; public class Lib { public String x() { return \"%s\"; } }";
    Code.compile(old, "Lib.java", source.formatted("for any Java"));
    Code.compile(current, "Lib.java", source.formatted("for Java 17"));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
    Files.createDirectories(directory.resolve("lib"));
    try (OutputStream out = Files.newOutputStream(directory.resolve("lib/multi.jar"));
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.putNextEntry(new JarEntry("org/example/Lib.class"));
      jar.write(Files.readAllBytes(old.resolve("org/example/Lib.class")));
      jar.putNextEntry(new JarEntry("META-INF/versions/17/org/example/Lib.class"));
      jar.write(Files.readAllBytes(current.resolve("org/example/Lib.class")));
    }
    Code.write(
        directory.resolve("Multi.java"),
        """
        public class Multi {
          @dev.sheave.flow.Flow public static String multi() { return new org.example.Lib().x(); }
        }
        """);

    assertThat(run("Multi.java:multi")).isEqualTo("for Java 17");
  }

  /** Loads a source flow in a Java without a compiler. */
  static final class WithoutCompiler {
    public static void main(String[] args) {
      try {
        new DirectoryFlowLoader(null)
            .load(Path.of(args[0]), Entrypoint.parse("Several.java:first"), Code.NO_TYPES);
      } catch (SheaveException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void aJavaWithoutCompilerSaysSo() throws Exception {
    Code.write(directory.resolve("Several.java"), SEVERAL);
    Process process =
        OwnProcess.java(
                List.of("--limit-modules", "java.se"), WithoutCompiler.class, directory.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .startsWith("'Several.java' can't be compiled: the Java at '")
        .contains("has no compiler. Use a JDK, or deploy classes");
  }
}
