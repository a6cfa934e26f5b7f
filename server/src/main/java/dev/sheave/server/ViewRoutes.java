package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi;
import dev.sheave.api.Page;
import dev.sheave.internal.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What pages ask about a server: its settings, and the block types that it has. */
final class ViewRoutes {
  private static final String BLOCKS = "aggregate-block-metadata";

  private ViewRoutes() {}

  static void add(Routes routes, Sheave sheave) {
    routes
        .add("GET", "/admin/settings", Scope.READ, Reply.OK, call -> settings(sheave))
        .add(
            "GET",
            "/collections/views/{view}",
            Scope.READ,
            Reply.OK,
            call -> view(call.text("view"), sheave.api().blocks()));
  }

  /** No secret is among them. */
  private static Reply settings(Sheave sheave) {
    return Reply.ok(
        Map.of(
            "version", Version.current(),
            "database", sheave.api().url(),
            "home", sheave.home().toString()));
  }

  private static Reply view(String name, BlockApi blocks) {
    if (!name.equals(BLOCKS)) {
      throw new RequestException(
          404, "There is no view '" + name + "' on this server; it has " + BLOCKS + ".");
    }
    Map<String, @Nullable Object> types = new LinkedHashMap<>();
    BlockRoutes.types(blocks, null, null, Set.of(), type -> true)
        .forEach(
            type -> {
              Map<String, @Nullable Object> json = Shapes.type(type);
              blocks.listBlockSchemas(type.id(), Page.first(1)).stream()
                  .findFirst()
                  .ifPresent(schema -> json.put("block_schema", Shapes.schema(schema)));
              types.put(type.slug(), json);
            });
    return Reply.ok(Map.of("sheave", Map.of("block_types", types)));
  }
}
