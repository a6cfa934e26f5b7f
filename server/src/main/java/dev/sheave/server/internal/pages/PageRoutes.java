package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.api.PruneRule;
import dev.sheave.server.internal.PathPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of all pages. Immutable once it is made; safe for use by several threads. */
final class PageRoutes {
  static final PathPattern FOLLOWED = new PathPattern("/runs/{id}/log/stream");

  private final List<Route> all = new ArrayList<>();

  private PageRoutes() {}

  /** What a page does. */
  interface Action {
    /**
     * Answers a call.
     *
     * @throws dev.sheave.SheaveException as the records' API does
     */
    PageReply answer(PageCall call);
  }

  /** What a visitor must be allowed. */
  enum Need {
    /** To see pages. */
    READ,
    /** To start and cancel runs. */
    RUN,
    /** To change records. */
    CHANGE
  }

  /**
   * A page, or what one of its forms does.
   *
   * @param method GET, or POST for forms
   * @param pattern its path
   * @param need what the visitor must be allowed
   * @param action what it does
   */
  record Route(String method, PathPattern pattern, Need need, Action action) {
    String path() {
      return pattern.path();
    }
  }

  /** A route, and what stands for its variables. */
  record Match(Route route, Map<String, String> variables) {}

  /**
   * Makes the table over a connection.
   *
   * @param kept how long runs are kept; null for as long as nobody deletes them
   */
  static PageRoutes over(Sheave sheave, Views views, @Nullable PruneRule kept) {
    PageRoutes routes = new PageRoutes();
    HomePages.add(routes, sheave, views, kept);
    BlockPages.add(routes, sheave, views);
    RunPages.add(routes, sheave, views);
    DeploymentPages.add(routes, sheave, views);
    WorkPages.add(routes, sheave, views);
    RecordPages.add(routes, sheave, views);
    AdminPages.add(routes, sheave, views);
    return routes;
  }

  PageRoutes get(String path, Action action) {
    all.add(new Route("GET", new PathPattern(path), Need.READ, action));
    return this;
  }

  /** Adds a page for who may change everything. */
  PageRoutes admin(String path, Action action) {
    all.add(new Route("GET", new PathPattern(path), Need.CHANGE, action));
    return this;
  }

  /** Adds what a form changes. */
  PageRoutes post(String path, Action action) {
    all.add(new Route("POST", new PathPattern(path), Need.CHANGE, action));
    return this;
  }

  /** Adds what a form does with runs. */
  PageRoutes run(String path, Action action) {
    all.add(new Route("POST", new PathPattern(path), Need.RUN, action));
    return this;
  }

  /** All routes, in the order of the table: the first that matches answers. */
  List<Route> all() {
    return List.copyOf(all);
  }

  @Nullable Match find(String method, List<String> parts) {
    String asked = method.equals("HEAD") ? "GET" : method;
    for (Route route : all) {
      Map<String, String> variables =
          route.method().equals(asked) ? route.pattern().match(parts) : null;
      if (variables != null) {
        return new Match(route, variables);
      }
    }
    return null;
  }

  /** The run whose log is to be followed; null if something else is asked for. */
  @Nullable UUID followedRun(String method, List<String> parts) {
    Map<String, String> variables = method.equals("GET") ? FOLLOWED.match(parts) : null;
    try {
      return variables == null ? null : UUID.fromString(variables.getOrDefault("id", ""));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
