package dev.sheave.server.internal.pages;

import java.util.List;
import org.eclipse.jetty.server.Request;

/**
 * The page that asks for a key where one is needed. The browser keeps the key in a cookie that no
 * script reads and no other site's page sends. Safe for use by several threads.
 */
final class SignIn {
  static final String IN = "/sign-in";
  static final String OUT = "/sign-out";

  /** The greatest size of its form, in bytes: anybody may send one. */
  static final int MAX_BYTES = 64 << 10;

  private final PagesHandler.Guard guard;
  private final Views views;

  SignIn(PagesHandler.Guard guard, Views views) {
    this.guard = guard;
    this.views = views;
  }

  /**
   * The form.
   *
   * @param next where it leads
   * @param error why the last key wasn't taken; empty if there was none
   */
  record Form(String next, String error) {}

  /** Whether a path is its, before the request is read. */
  static boolean isAt(String base, String path) {
    return path.equals(base + IN) || path.equals(base + OUT);
  }

  boolean isAsked(PageCall call) {
    return call.parts().equals(List.of("sign-in")) || call.parts().equals(List.of("sign-out"));
  }

  PageReply answer(Request request, PageCall call) {
    boolean isForm = request.getMethod().equals("POST");
    if (isForm && !call.hasToken()) {
      return views.outOfDate(call);
    }
    if (call.path().equals(OUT)) {
      PageReply there = PageReply.redirect(call.url(IN));
      return isForm ? there.withKey("") : there;
    }
    String next = (isForm ? call.form() : call.query()).text("next");
    if (!isForm) {
      return form(call, 200, next, "");
    }
    String key = call.form().text("key").strip();
    Visitor visitor = guard.visitor(request, key.isEmpty() ? null : key);
    if (visitor.mayRead()) {
      return PageReply.redirect(call.url(local(next))).withKey(visitor.isSignedIn() ? key : "");
    }
    String reason = visitor.refusal();
    return form(call, 422, next, reason == null ? "The key is missing." : reason);
  }

  /** The answer to somebody who may see nothing. */
  PageReply refuse(Request request, PageCall call, Visitor visitor, boolean hasKey) {
    String reason = visitor.refusal();
    if (request.getMethod().equals("GET") && (hasKey || reason == null)) {
      return PageReply.redirect(call.url(IN) + "?next=" + PageCall.encoded(call.path()));
    }
    return views.error(
        call, 403, "Not allowed", reason == null ? "Sign in with an API key first." : reason);
  }

  private PageReply form(PageCall call, int status, String next, String error) {
    return views.page(call, status, "Sign in", "", "signin", new Form(local(next), error));
  }

  /** A path of this server's, whatever somebody wrote into a link. */
  private static String local(String next) {
    return next.matches("/([^/\\\\\\p{Cntrl}].*)?") ? next : "/";
  }
}
