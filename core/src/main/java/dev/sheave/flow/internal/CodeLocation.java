package dev.sheave.flow.internal;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a URL of a class loader says: a file or folder, or what lies within an archive. URLs within
 * archives are those of Spring Boot's loader, {@code jar:nested:/app.jar/!BOOT-INF/lib/x.jar!/},
 * and of its older one, {@code jar:file:/app.jar!/BOOT-INF/lib/x.jar!/}.
 *
 * @param file the file or folder, or the archive
 * @param inner what of the archive; null for the file itself
 * @param isFolder whether the URL says that it is a folder
 */
record CodeLocation(Path file, @Nullable String inner, boolean isFolder) {
  private static final String JAR = "jar:";
  private static final String NESTED = "nested:";
  private static final String WITHIN = "!/";
  private static final String WITHIN_NESTED = "/!";

  /** Reads a URL; empty for one that is of no file, such as {@code jrt:/java.base}. */
  static Optional<CodeLocation> of(URL url) {
    try {
      return Optional.ofNullable(parse(url.toString(), url));
    } catch (MalformedURLException | InvalidPathException | FileSystemNotFoundException e) {
      return Optional.empty();
    }
  }

  private static @Nullable CodeLocation parse(String text, URL url) throws MalformedURLException {
    if (text.startsWith("file:")) {
      return new CodeLocation(file(url), null, text.endsWith("/"));
    }
    if (!text.startsWith(JAR)) {
      return null;
    }
    String rest = text.substring(JAR.length());
    rest = rest.endsWith(WITHIN) ? rest.substring(0, rest.length() - WITHIN.length()) : rest;
    boolean isNested = rest.startsWith(NESTED);
    int cut = isNested ? rest.lastIndexOf(WITHIN_NESTED) : rest.indexOf(WITHIN);
    String outer = cut < 0 ? rest : rest.substring(0, cut);
    String inner = cut < 0 ? null : decoded(rest.substring(cut + WITHIN.length()));
    if (isNested) {
      return new CodeLocation(
          Path.of(decoded(outer.substring(NESTED.length()))), withoutSlash(inner), false);
    }
    return outer.startsWith("file:")
        ? new CodeLocation(file(new URL(outer)), withoutSlash(inner), false)
        : null;
  }

  private static @Nullable String withoutSlash(@Nullable String inner) {
    return inner != null && inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner;
  }

  private static Path file(URL url) {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      // written by hand, with a blank for example
      return new File(decoded(url.getPath())).toPath();
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a percent sign of its own
    }
  }
}
