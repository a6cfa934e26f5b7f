package dev.sheave.server.internal.pages;

import dev.sheave.internal.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Style sheet, scripts and images of the pages. Their addresses contain a digest of all, so that
 * browsers keep them for good. Safe for use by several threads.
 */
final class Assets {
  private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.8/dist/htmx.min.js";

  private static final Map<String, byte[]> FILES = read();
  private static final String DIGEST = digest();

  private Assets() {}

  /** The path of an asset below the base path. */
  static String path(String name) {
    return "/assets/" + DIGEST + "/" + name;
  }

  /** Finds the asset at a path; null if there is none. */
  static @Nullable PageReply find(List<String> parts) {
    byte[] bytes =
        parts.size() == 3 && parts.get(0).equals("assets") ? FILES.get(parts.get(2)) : null;
    if (bytes == null) {
      return null;
    }
    return new PageReply(
        200,
        typeOf(parts.get(2)),
        bytes,
        parts.get(1).equals(DIGEST)
            ? Map.of("Cache-Control", "public, max-age=31536000, immutable")
            : Map.of());
  }

  private static String typeOf(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "text/javascript; charset=utf-8";
    };
  }

  private static Map<String, byte[]> read() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name :
        List.of("pages.css", "pages.js", "forms.js", "log.js", "runs.js", "favicon.svg")) {
      files.put(name, read(name));
    }
    files.put("htmx.js", read(HTMX));
    return files;
  }

  private static byte[] read(String resource) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest() {
    StringBuilder all = new StringBuilder();
    List<String> names = new ArrayList<>(FILES.keySet());
    names.sort(Comparator.naturalOrder());
    names.forEach(name -> all.append(Digests.sha256(FILES.getOrDefault(name, new byte[0]))));
    return Digests.sha256(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 12);
  }
}
