package dev.sheave.runtime.loader;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles a source file, and the sources it needs from its source root, with the compiler of the
 * JDK at hand.
 */
final class SourceCompiler {
  /** How many of the compiler's errors are told. */
  private static final int ERRORS_TOLD = 10;

  private final Path directory;

  /**
   * @param directory the directory that paths in messages are relative to
   */
  SourceCompiler(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes class files.
   *
   * @param libraries the flow's own jars
   * @param shared the jars that it shares with Sheave, used for what isn't in its own
   * @param target where the class files go; there already
   */
  void compile(SourceFile source, List<Path> libraries, List<Path> shared, Path target) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + directory.relativize(source.file())
              + "' can't be compiled: the Java at '"
              + System.getProperty("java.home")
              + "' has no compiler. Use a JDK, or deploy classes and name the flow"
              + " com.acme.LogFlow:logFlow.");
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  diagnostics,
                  options(source, libraries, shared, target),
                  null,
                  files.getJavaFileObjects(source.file()))
              .call();
      if (!compiled) {
        throw doesNotCompile(source, diagnostics.getDiagnostics());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> options(
      SourceFile source, List<Path> libraries, List<Path> shared, Path target) {
    List<Path> classPath = new ArrayList<>(libraries);
    classPath.addAll(shared);
    List<String> options =
        new ArrayList<>(
            List.of(
                "-d",
                target.toString(),
                "-sourcepath",
                source.root().toString(),
                "-classpath",
                joined(classPath),
                "-encoding",
                "UTF-8",
                "-implicit:class",
                "-parameters",
                "-g",
                "-nowarn"));
    // annotation processors are the flow's own, never those of the program that Sheave is part of
    if (libraries.isEmpty()) {
      options.add("-proc:none");
    } else {
      options.addAll(List.of("-processorpath", joined(libraries)));
      if (Runtime.version().feature() >= 23) {
        options.add("-proc:full"); // was the default before
      }
    }
    return options;
  }

  private static String joined(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private SheaveException doesNotCompile(
      SourceFile source, List<Diagnostic<? extends JavaFileObject>> diagnostics) {
    List<String> errors =
        diagnostics.stream()
            .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
            .map(this::text)
            .collect(Collectors.toCollection(ArrayList::new));
    int untold = errors.size() - ERRORS_TOLD;
    if (untold > 0) {
      errors.subList(ERRORS_TOLD, errors.size()).clear();
      errors.add("… and " + untold + " more");
    }
    return new SheaveException(
        Code.INVALID,
        "'"
            + directory.relativize(source.file())
            + "' doesn't compile.\n"
            + String.join("\n", errors));
  }

  private String text(Diagnostic<? extends JavaFileObject> diagnostic) {
    String message = diagnostic.getMessage(Locale.ROOT);
    JavaFileObject file = diagnostic.getSource();
    if (file == null) {
      return "error: " + message;
    }
    Path path = Path.of(file.toUri());
    return (path.startsWith(directory) ? directory.relativize(path) : path)
        + ":"
        + diagnostic.getLineNumber()
        + ":"
        + diagnostic.getColumnNumber()
        + ": error: "
        + message;
  }
}
