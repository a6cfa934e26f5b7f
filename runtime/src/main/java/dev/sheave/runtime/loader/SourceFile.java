package dev.sheave.runtime.loader;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A Java source file and where its sources start.
 *
 * @param file the file
 * @param packageName its package, empty for the unnamed one
 * @param root the folder its package is relative to: where javac looks for other sources
 */
record SourceFile(Path file, String packageName, Path root) {

  /**
   * Reads which package a file declares.
   *
   * @param directory the source root is never above it; absolute
   */
  static SourceFile of(Path directory, Path file) {
    String packageName;
    try {
      packageName = packageOf(TextFile.read(file));
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The source file '"
              + directory.relativize(file)
              + "' can't be read: "
              + IoReason.of(e, file)
              + ".",
          e);
    }
    Path inside = directory.relativize(Objects.requireNonNull(file.getParent()));
    Path packageFolder = Path.of(packageName.replace('.', '/'));
    if (!packageName.isEmpty() && inside.endsWith(packageFolder)) {
      int above = inside.getNameCount() - packageFolder.getNameCount();
      inside = above == 0 ? Path.of("") : inside.subpath(0, above);
    }
    return new SourceFile(file, packageName, directory.resolve(inside));
  }

  /** The class that Java expects in it. */
  String className() {
    String fileName = file.getFileName().toString();
    String simpleName = fileName.substring(0, fileName.length() - ".java".length());
    return packageName.isEmpty() ? simpleName : packageName + "." + simpleName;
  }

  /**
   * Returns the package that a source text declares; empty if none. Only comments and space can
   * come before.
   */
  static String packageOf(String source) {
    String code = withoutLeadingComments(source);
    if (!code.startsWith("package") || !code.contains(";")) {
      return "";
    }
    StringBuilder name = new StringBuilder();
    String rest = code.substring("package".length());
    if (rest.isEmpty() || Character.isJavaIdentifierPart(rest.charAt(0))) {
      return "";
    }
    while (!rest.isEmpty() && rest.charAt(0) != ';') {
      String next = withoutLeadingComments(rest);
      if (next.length() == rest.length()) {
        name.append(rest.charAt(0));
        next = rest.substring(1);
      }
      rest = next;
    }
    return name.toString();
  }

  private static String withoutLeadingComments(String code) {
    int at = 0;
    while (at < code.length()) {
      int end;
      if (Character.isWhitespace(code.charAt(at))) {
        end = at + 1;
      } else if (code.startsWith("//", at)) {
        end = code.indexOf('\n', at);
      } else if (code.startsWith("/*", at)) {
        end = code.indexOf("*/", at + 2);
        end = end < 0 ? end : end + 2;
      } else {
        break;
      }
      at = end < 0 ? code.length() : end;
    }
    return code.substring(at);
  }
}
