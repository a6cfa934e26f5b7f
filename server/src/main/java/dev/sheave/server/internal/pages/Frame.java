package dev.sheave.server.internal.pages;

import dev.sheave.internal.Version;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands around the content of a page.
 *
 * @param call what was asked for
 * @param title the title
 * @param section the path of the entry of the navigation that is current
 */
record Frame(PageCall call, String title, String section) {
  private static final List<Entry> NAVIGATION =
      List.of(
          new Entry("/", "Home", "home"),
          new Entry("/runs", "Flow runs", "run"),
          new Entry("/flows", "Flows", "flow"),
          new Entry("/deployments", "Deployments", "deployment"),
          new Entry("/pools", "Work pools", "pool"),
          new Entry("/blocks", "Blocks", "block"),
          new Entry("/variables", "Variables", "variable"),
          new Entry("/limits", "Concurrency", "limit"),
          new Entry("/artifacts", "Artifacts", "artifact"),
          new Entry("/keys", "API keys", "lock"),
          new Entry("/audit", "Audit", "audit"),
          new Entry("/settings", "Settings", "settings"));

  /** What only who may change everything sees. */
  private static final Set<String> ADMIN = Set.of("/keys", "/audit");

  /**
   * An entry of the navigation.
   *
   * @param path where it leads
   * @param title what it is called
   * @param icon the name of its icon
   */
  record Entry(String path, String title, String icon) {}

  /** The entries of the navigation that the visitor may see: none before the sign-in. */
  List<Entry> navigation() {
    if (call.path().equals(SignIn.IN)) {
      return List.of();
    }
    return NAVIGATION.stream()
        .filter(entry -> call.isAdmin() || !ADMIN.contains(entry.path()))
        .toList();
  }

  String url(String page) {
    return call.url(page);
  }

  String asset(String name) {
    return call.url(Assets.path(name));
  }

  @Nullable String current(Entry entry) {
    return entry.path().equals(section) ? "page" : null;
  }

  String csrf() {
    return call.token();
  }

  String version() {
    return Version.current();
  }

  /** A command that makes a record; a script puts the server's URL into it. */
  String request(String records, String body) {
    String key = call.user().isEmpty() ? "" : "-H \"Authorization: Bearer $SHEAVE_API_KEY\" ";
    return "curl " + key + "\"$SHEAVE_API_URL/" + records + "/\" --json '" + body + "'";
  }

  /** A part of an address. */
  String part(Object value) {
    return PageCall.encoded(String.valueOf(value));
  }
}
