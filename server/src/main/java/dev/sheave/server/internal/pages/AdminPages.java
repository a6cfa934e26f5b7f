package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.AuditRecord;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.KeyScope;
import dev.sheave.api.Page;
import dev.sheave.api.StoreAdministration;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The pages of who keeps the server: the API keys, and what was changed. */
final class AdminPages {
  private static final String KEYS = "/keys";
  private static final String AUDIT = "/audit";
  private static final int ROWS = 100;
  private static final int LONGEST_DAYS = 36_500;

  /** How long the old key stays valid while it is replaced. */
  private static final Duration OVERLAP = Duration.ofDays(1);

  private final Sheave sheave;
  private final Views views;

  private AdminPages(Sheave sheave, Views views) {
    this.sheave = sheave;
    this.views = views;
  }

  static void add(PageRoutes routes, Sheave sheave, Views views) {
    AdminPages pages = new AdminPages(sheave, views);
    routes
        .admin("/keys", pages::keys)
        .post("/keys", pages::createKey)
        .post("/keys/{name}/roll", pages::rollKey)
        .post("/keys/{name}/revoke", pages::revokeKey)
        .admin("/audit", pages::audit);
  }

  private StoreAdministration administration() {
    return sheave
        .api()
        .administration()
        .orElseThrow(
            () -> new SheaveException(Code.UNSUPPORTED, "The records are another server's."));
  }

  /**
   * The list of keys, and the form for a new one.
   *
   * @param keys the keys that are valid
   * @param isOpen whether there has never been a key, so that everybody may do everything
   * @param made a key that was made now, which is shown this once; null for none
   * @param typed what is in the form
   * @param error what is wrong with it; empty for nothing
   */
  record Keys(
      List<ApiKeyRecord> keys,
      boolean isOpen,
      @Nullable IssuedApiKey made,
      FormValues typed,
      String error) {

    static List<String> scopes() {
      return Arrays.stream(KeyScope.values()).map(Keys::lower).toList();
    }

    static String lower(KeyScope scope) {
      return scope.name().toLowerCase(Locale.ROOT);
    }

    /** The scope that the form begins with: the first key must be able to make others. */
    String scope() {
      String scope = typed.text("scope");
      return scope.isEmpty() ? lower(isOpen ? KeyScope.ADMIN : KeyScope.RUN) : scope;
    }

    static String path(ApiKeyRecord key) {
      return KEYS + "/" + PageCall.encoded(key.name());
    }
  }

  private PageReply keys(PageCall call) {
    return keys(call, 200, null, "");
  }

  private PageReply keys(PageCall call, int status, @Nullable IssuedApiKey made, String error) {
    ApiKeyApi api = administration().apiKeys();
    return views.page(
        call,
        status,
        "API keys",
        KEYS,
        "keys",
        new Keys(
            api.listKeys(),
            !api.hasKeys(),
            made,
            made == null ? call.form() : new FormValues(),
            error));
  }

  private PageReply createKey(PageCall call) {
    ApiKeyApi api = administration().apiKeys();
    FormValues form = call.form();
    KeyScope scope =
        Arrays.stream(KeyScope.values())
            .filter(each -> Keys.lower(each).equals(form.text("scope")))
            .findFirst()
            .orElse(KeyScope.READ);
    String days = form.text("days");
    boolean isFirst = !api.hasKeys();
    if (isFirst && scope != KeyScope.ADMIN) {
      return keys(
          call, 422, null, "The first key needs the scope admin: only such a key makes others.");
    }
    if (!days.isEmpty() && form.number("days", 0) < 1 || form.number("days", 1) > LONGEST_DAYS) {
      return keys(call, 422, null, "Enter for how many days it is valid, or nothing for ever.");
    }
    IssuedApiKey made;
    try {
      made =
          api.createKey(
              form.text("name"),
              scope,
              days.isEmpty() ? null : Duration.ofDays(form.number("days", 1)));
    } catch (SheaveException e) {
      if (e.code() == Code.INVALID || e.code() == Code.ALREADY_EXISTS) {
        return keys(call, 422, null, e.getMessage());
      }
      throw e;
    }
    PageReply page = keys(call, 200, made, "");
    // from now on the server wants a key of everybody; who made the first one goes on with it
    return isFirst ? page.withKey(made.secret().reveal()) : page;
  }

  private PageReply rollKey(PageCall call) {
    return keys(call, 200, administration().apiKeys().rollKey(call.text("name"), OVERLAP), "");
  }

  private PageReply revokeKey(PageCall call) {
    administration().apiKeys().revokeKey(call.text("name"));
    return PageReply.redirect(call.url(KEYS))
        .withNotice("The key '" + call.text("name") + "' is no longer valid.");
  }

  /** What was changed, the last first: {@code page} counts from 0. */
  record Audit(List<AuditRecord> changes, int page, boolean hasNext) {}

  private PageReply audit(PageCall call) {
    int page = call.query().page(ROWS);
    List<AuditRecord> changes =
        administration().audit().listChanges(new Page(ROWS + 1, page * ROWS));
    return views.page(
        call,
        "Audit",
        AUDIT,
        "audit",
        new Audit(changes.subList(0, Math.min(ROWS, changes.size())), page, changes.size() > ROWS));
  }
}
