package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.api.Feature;
import dev.sheave.internal.Version;
import java.util.Map;

/** What tells of the server itself. */
final class ServiceRoutes {

  private ServiceRoutes() {}

  static void add(Routes routes, Sheave sheave) {
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
        .add("GET", "/hello", Scope.NONE, Reply.OK, call -> Reply.ok("👋"))
        .add("GET", "/version", Scope.NONE, Reply.OK, call -> Reply.ok(Version.current()))
        .add("GET", "/admin/version", Scope.READ, Reply.OK, call -> Reply.ok(Version.current()))
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
}
