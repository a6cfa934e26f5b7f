package dev.sheave.server;

import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The logos of block types. Sheave's are in their URLs, which the reference's programs take for
 * wrong: they get links to what the server serves.
 */
final class Logos {
  private static final String PATH = "/sheave/logos/";

  private static final Pattern DATA =
      Pattern.compile("data:(image/[a-z0-9.+-]{1,40});base64,([A-Za-z0-9+/]+={0,2})");

  private Logos() {}

  static void add(Routes routes, BlockApi blocks) {
    // pages load images without a key
    routes.add(
        "GET", PATH + "{slug}", Scope.NONE, Reply.OK, call -> logo(blocks, call.text("slug")));
  }

  private static Reply logo(BlockApi blocks, String slug) {
    Matcher logo =
        DATA.matcher(
            blocks
                .findBlockType(slug)
                .map(BlockTypeRecord::texts)
                .map(BlockTypeRecord.Texts::logoUrl)
                .orElse(""));
    if (!logo.matches()) {
      throw new RequestException(404, "The block type '" + slug + "' has no logo here.");
    }
    return new Reply(
        Reply.OK,
        Base64.getDecoder().decode(logo.group(2)),
        Map.of(
            "Content-Type",
            logo.group(1),
            // an image may hold scripts
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox"));
  }

  /** Whether the answers of a route may have block types. */
  static boolean areIn(Route route) {
    return route.path().startsWith("/block_") || route.path().startsWith("/collections/");
  }

  /**
   * Returns an answer with links to logos.
   *
   * @param api the URL of the API, as the client calls it
   */
  static Reply linked(Reply reply, String api) {
    return new Reply(reply.status(), linked(reply.body(), api), reply.headers());
  }

  private static @Nullable Object linked(@Nullable Object json, String api) {
    if (json instanceof Iterable<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(each -> copy.add(linked(each, api)));
      return copy;
    }
    if (!(json instanceof Map<?, ?> map)) {
      return json;
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    Json.asObject(map).forEach((name, value) -> copy.put(name, linked(value, api)));
    boolean isType = copy.containsKey("code_example") && copy.get("slug") instanceof String;
    if (isType && copy.get("logo_url") instanceof String url && url.startsWith("data:")) {
      copy.put("logo_url", DATA.matcher(url).matches() ? api + PATH + copy.get("slug") : null);
    }
    return copy;
  }
}
