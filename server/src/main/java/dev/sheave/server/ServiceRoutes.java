package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.api.Feature;
import dev.sheave.internal.Version;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What tells of the server itself. */
final class ServiceRoutes {
  private ServiceRoutes() {}

  static void add(Routes routes, Sheave sheave, @Nullable Meters meters) {
    routes
        .add("GET", "/health", Scope.NONE, Reply.OK, call -> Reply.ok(true))
        .add(
            "GET",
            "/ready",
            Scope.NONE,
            Reply.OK,
            call -> {
              sheave.api().checkHealth();
              return Reply.ok(true);
            })
        .addBelieving("/metrics", call -> metrics(meters))
        .add("GET", "/hello", Scope.NONE, Reply.OK, call -> Reply.ok("👋"))
        .add("GET", "/version", Scope.NONE, Reply.OK, call -> Reply.ok(Version.current()))
        .add("GET", "/admin/version", Scope.READ, Reply.OK, call -> Reply.ok(Version.current()))
        .add(
            "POST",
            "/block_types/install_system_block_types",
            Scope.RUN,
            Reply.OK,
            call -> {
              OwnBlockTypes.register(sheave);
              return Reply.ok(null);
            })
        // a server makes its tables when it starts
        .add("POST", "/admin/database/create", Scope.ADMIN, Reply.NO_CONTENT, call -> Reply.NOTHING)
        .add("POST", "/admin/database/clear", Scope.ADMIN, Set.of(), ServiceRoutes::keepDatabase)
        .add("POST", "/admin/database/drop", Scope.ADMIN, Set.of(), ServiceRoutes::keepDatabase)
        .add(
            "GET",
            "/sheave/features",
            Scope.READ,
            Reply.OK,
            call ->
                Reply.ok(
                    Map.of(
                        "features",
                        sheave.api().features().stream().map(Feature::name).sorted().toList())));
  }

  private static Reply metrics(@Nullable Meters meters) {
    return meters == null
        ? Reply.error(404, "This server was started without metrics; start it with --metrics.")
        : new Reply(
            Reply.OK,
            meters.text().getBytes(StandardCharsets.UTF_8),
            Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"));
  }

  private static Reply keepDatabase(Call call) {
    return Reply.error(
        403,
        "This server empties no database over HTTP: stop it, and remove the database where it is.");
  }
}
