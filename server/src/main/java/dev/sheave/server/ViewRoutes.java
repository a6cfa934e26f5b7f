package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi;
import dev.sheave.api.Page;
import dev.sheave.api.WorkPoolApi;
import dev.sheave.internal.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What pages ask about a server: its settings, and the block types that it has. */
final class ViewRoutes {
  private static final String BLOCKS = "aggregate-block-metadata";
  private static final String WORKERS = "aggregate-worker-metadata";
  private static final String FLOWS = "aggregate-flow-metadata";

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
    return switch (name) {
      case BLOCKS -> blocks(blocks);
      case WORKERS -> Reply.ok(Map.of("sheave", Map.of(WorkPoolApi.AGENT_TYPE, agent())));
      case FLOWS -> Reply.ok(Map.of()); // flows come with no installation
      default ->
          throw new RequestException(
              404,
              "There is no view '%s' on this server; it has %s, %s and %s."
                  .formatted(name, BLOCKS, WORKERS, FLOWS));
    };
  }

  /** The one kind of program that takes runs from work pools. */
  private static Map<String, Object> agent() {
    return Map.of(
        "type", WorkPoolApi.AGENT_TYPE,
        "display_name", "Agent",
        "description", "Runs flows on the infrastructure of their deployments.",
        "default_base_job_configuration", Map.of(),
        "documentation_url", "",
        "install_command", "",
        "logo_url", "",
        "is_beta", false);
  }

  private static Reply blocks(BlockApi blocks) {
    Map<String, @Nullable Object> types = new LinkedHashMap<>();
    BlockRoutes.types(blocks, Set.of(), type -> true)
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
