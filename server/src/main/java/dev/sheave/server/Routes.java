package dev.sheave.server;

import dev.sheave.Sheave;
import dev.sheave.server.internal.PathPattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The table of all routes. Immutable once it is made. */
final class Routes {
  private static final Comparator<Route> EXACT_FIRST =
      Comparator.comparingLong(
          route -> route.parts().stream().filter(PathPattern::isVariable).count());

  private final List<Route> all = new ArrayList<>();

  /** The routes by the number of their parts, those with the fewest variables first. */
  private final Map<Integer, List<Route>> bySize = new HashMap<>();

  private volatile boolean isClosing;

  private Routes() {}

  /** Ends calls that wait for news. */
  void endWaits() {
    isClosing = true;
  }

  /** Whether calls don't wait any more. */
  boolean isClosing() {
    return isClosing;
  }

  /**
   * Makes the table over a connection.
   *
   * @param meters what measures; null if nothing does
   */
  static Routes over(Sheave sheave, @Nullable Meters meters) {
    Routes routes = new Routes();
    ServiceRoutes.add(routes, sheave, meters);
    AdministrationRoutes.add(routes, sheave.api().administration().orElseThrow());
    ViewRoutes.add(routes, sheave);
    BlockRoutes.add(routes, sheave.api());
    BlockDocumentRoutes.add(routes, sheave.api());
    DeploymentRoutes.add(routes, sheave.api());
    FlowRunRoutes.add(routes, sheave.api());
    TaskRunRoutes.add(routes, sheave.api());
    WorkQueueRoutes.add(routes, sheave.api());
    WorkPoolRoutes.add(routes, sheave.api());
    AgentRoutes.add(routes, sheave.api());
    VariableRoutes.add(routes, sheave.api());
    ArtifactRoutes.add(routes, sheave.api());
    NotificationRoutes.add(routes, sheave.api());
    Logos.add(routes, sheave.api().blocks());
    routes.bySize.values().forEach(some -> some.sort(EXACT_FIRST));
    routes.add(
        "GET", "/openapi.json", Scope.NONE, Reply.OK, call -> Reply.ok(OpenApi.of(routes.all())));
    return routes;
  }

  /** Adds a route, see {@link Route}. */
  Routes add(String method, String path, Scope scope, Set<Integer> statuses, Route.Action action) {
    return add(new Route(method, new PathPattern(path), scope, false, statuses, action));
  }

  private Routes add(Route route) {
    all.add(route);
    bySize.computeIfAbsent(route.parts().size(), size -> new ArrayList<>()).add(route);
    return this;
  }

  /** Adds a route whose answer has one status. */
  Routes add(String method, String path, Scope scope, int status, Route.Action action) {
    return add(method, path, scope, Set.of(status), action);
  }

  /** Adds a route of readers whose last one is believed while the database is away. */
  Routes addBelieving(String path, Route.Action action) {
    return add(new Route("GET", new PathPattern(path), Scope.READ, true, Set.of(Reply.OK), action));
  }

  /** All routes, in the order of the table. */
  List<Route> all() {
    return List.copyOf(all);
  }

  /** A route, and what stands for its variables. */
  record Match(Route route, Map<String, String> variables) {}

  /** Finds the route of a request. */
  @Nullable Match find(String method, List<String> parts) {
    for (Route route : bySize.getOrDefault(parts.size(), List.of())) {
      Map<String, String> variables =
          route.method().equals(method) ? route.pattern().match(parts) : null;
      if (variables != null) {
        return new Match(route, variables);
      }
    }
    return null;
  }

  /** Returns the methods that a path has; none if there is no such path. */
  Set<String> methods(List<String> parts) {
    Set<String> methods = new TreeSet<>();
    for (Route route : bySize.getOrDefault(parts.size(), List.of())) {
      if (route.pattern().match(parts) != null) {
        methods.add(route.method());
      }
    }
    return methods;
  }
}
