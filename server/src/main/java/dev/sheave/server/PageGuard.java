package dev.sheave.server;

import dev.sheave.api.AuditRecord;
import dev.sheave.block.Secret;
import dev.sheave.server.internal.pages.PagesHandler;
import dev.sheave.server.internal.pages.Visitor;
import java.time.Instant;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Lets into the pages who has a key, or anybody where none is needed; the keys of runs aren't for
 * pages. Safe for use by several threads.
 */
final class PageGuard implements PagesHandler.Guard {
  private final Authentication authentication;
  private final AuditLog audit;

  PageGuard(Authentication authentication, AuditLog audit) {
    this.authentication = authentication;
    this.audit = audit;
  }

  @Override
  public Visitor visitor(Request request, @Nullable String key) {
    try {
      Caller caller = authentication.callerOf(request, key == null ? null : Secret.of(key));
      boolean isForRun = caller.run() != null;
      return new Visitor(
          caller.name(),
          !isForRun && caller.may(Scope.READ),
          !isForRun && caller.may(Scope.RUN),
          !isForRun && caller.may(Scope.ADMIN),
          isForRun ? "The key of a run isn't for pages." : null);
    } catch (RequestException e) {
      return new Visitor("", false, false, false, e.sentence());
    }
  }

  @Override
  public void note(Request request, Visitor visitor, String path, int status) {
    audit.note(
        new AuditRecord(
            Instant.now(),
            visitor.name(),
            Request.getRemoteAddr(request),
            request.getMethod(),
            path,
            status));
  }
}
