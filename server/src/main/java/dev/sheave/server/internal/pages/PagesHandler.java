package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.PruneRule;
import dev.sheave.server.internal.Bodies;
import dev.sheave.server.internal.BodyReader;
import dev.sheave.server.internal.Watched;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the pages beside the API, by one table of routes. Safe for use by several threads. */
public final class PagesHandler extends Handler.Wrapper implements Graceful {
  private static final Logger LOG = LoggerFactory.getLogger(PagesHandler.class);

  /** Nothing is loaded from elsewhere, and no script but the files of this server runs. */
  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src"
          + " 'none'";

  /** Marks a form that a script sends. */
  private static final String FORM_OF_SCRIPT = "Sheave-Form";

  /** The greatest size of a form, in bytes. */
  private static final int MAX_FORM_BYTES = 8 << 20;

  private final String base;
  private final Guard guard;
  private final Duration patience;
  private final Views views;
  private final SignIn signIn;
  private final PageRoutes routes;
  private final LogStreams streams;

  /** Finds out who may do what. Safe for use by several threads. */
  public interface Guard {
    /**
     * Returns who makes a request.
     *
     * @param key that the browser is signed in with; null for none
     */
    Visitor visitor(Request request, @Nullable String key);

    /** Notes that somebody sent a form to a path, below the base path. */
    void note(Request request, Visitor visitor, String path, int status);
  }

  /**
   * Makes a handler.
   *
   * @param sheave the records
   * @param base what paths begin with, such as {@code /sheave}; empty for nothing
   * @param kept how long runs are kept; null for as long as nobody deletes them
   * @param guard checks requests first
   * @param patience how long a form may take to arrive
   * @param api answers what is below {@code /api}
   */
  public PagesHandler(
      Sheave sheave,
      String base,
      @Nullable PruneRule kept,
      Guard guard,
      Duration patience,
      Handler api) {
    super(api);
    this.base = base;
    this.guard = guard;
    this.patience = patience;
    this.views = new Views();
    this.signIn = new SignIn(guard, views);
    this.streams = new LogStreams(sheave.api().flowRuns(), LogStreams.PATIENCE);
    this.routes = PageRoutes.over(sheave, views, kept);
    installBean(streams);
  }

  @Override
  public CompletableFuture<Void> shutdown() {
    // those who follow a log would hold up the end for ever
    streams.endAll();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public boolean isShutdown() {
    return streams.isEnded();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    if (path.startsWith(base + "/api/")
        || path.equals(base + "/api")
        || path.equals(base + "/metrics")) {
      return super.handle(request, response, callback);
    }
    if (!request.getMethod().equals("POST")) {
      answer(request, response, callback, new byte[0]);
      return true;
    }
    boolean isSignIn = SignIn.isAt(base, path);
    if (!isSignIn && !mayRead(request)) {
      // the answer is why not, whatever the form says
      answer(request, response, callback, new byte[0]);
      return true;
    }
    int maxBytes = isSignIn ? SignIn.MAX_BYTES : MAX_FORM_BYTES;
    BodyReader.read(
        request,
        callback,
        maxBytes,
        patience,
        new BodyReader.Taker() {
          @Override
          public void take(byte[] body) {
            answer(request, response, callback, body);
          }

          @Override
          public void refuse(int status) {
            PagesHandler.this.refuse(request, response, callback, status, maxBytes);
          }
        });
    return true;
  }

  private void refuse(
      Request request, Response response, Callback callback, int status, int maxBytes) {
    String sentence =
        switch (status) {
          case BodyReader.TIMEOUT -> "The form takes too long to arrive.";
          case BodyReader.NO_ROOM ->
              "The server has no memory for more large forms now; try again.";
          default -> "The form is larger than " + (maxBytes >> 10) + " KiB.";
        };
    PageReply reply = PageReply.text(status, sentence);
    if (status != BodyReader.TOO_LARGE) {
      reply = reply.withHeader("Connection", "close");
    }
    try {
      write(request, response, callback, null, reply);
    } catch (IOException e) {
      callback.failed(e);
    }
  }

  private void answer(Request request, Response response, Callback callback, byte[] body) {
    try {
      PageCall call = call(request, body);
      UUID followed = call == null ? null : routes.followedRun(request.getMethod(), call.parts());
      if (followed != null && mayRead(request)) {
        Watched.setRoute(request, PageRoutes.FOLLOWED.path());
        secure(response);
        streams.follow(followed, request, response, callback);
        return;
      }
      write(request, response, callback, call, answer(request, call));
    } catch (IOException e) {
      // the reader is gone
      callback.failed(e);
    }
  }

  /** Whether something may be read; while that can't be found out, the answer is the reason. */
  private boolean mayRead(Request request) {
    try {
      return guard.visitor(request, cookie(request, PageCall.KEY)).mayRead();
    } catch (SheaveException e) {
      return false;
    }
  }

  /** Reads a request; null if its path isn't below the base path. */
  private @Nullable PageCall call(Request request, byte[] body) {
    String path = request.getHttpURI().getPath();
    if (!path.startsWith(base + "/")) {
      return null;
    }
    return PageCall.of(
        base,
        path.substring(base.length()),
        request.getHttpURI().getQuery(),
        body,
        cookie(request, PageCall.CSRF),
        cookie(request, PageCall.THEME),
        cookie(request, PageCall.NOTICE));
  }

  private static @Nullable String cookie(Request request, String name) {
    return Request.getCookies(request).stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse(null);
  }

  private PageReply answer(Request request, @Nullable PageCall asked) {
    if (asked == null) {
      return base.isEmpty() || !request.getHttpURI().getPath().equals(base)
          ? PageReply.text(404, "Nothing is here; the pages are at " + base + "/.")
          : PageReply.redirect(base + "/");
    }
    PageCall call = asked;
    try {
      PageReply asset = Assets.find(call.parts());
      if (asset != null) {
        Watched.setRoute(request, "/assets");
        return asset;
      }
      if (signIn.isAsked(call)) {
        return signIn.answer(request, call);
      }
      String key = cookie(request, PageCall.KEY);
      Visitor visitor = guard.visitor(request, key);
      if (!visitor.mayRead()) {
        return signIn.refuse(request, call, visitor, key != null);
      }
      call = call.of(visitor);
      PageRoutes.Match match = routes.find(request.getMethod(), call.parts());
      if (match == null) {
        return views.error(
            call, 404, "Not found", "There is no page at this address; it may be mistyped.");
      }
      Watched.setRoute(request, match.route().path());
      if (!visitor.may(match.route().need())) {
        return views.error(
            call,
            403,
            "Not allowed",
            "The API key '" + visitor.name() + "' isn't good for that; sign in with another.");
      }
      boolean isForm = request.getMethod().equals("POST");
      if (isForm && !call.hasToken()) {
        return views.outOfDate(call);
      }
      PageReply reply = match.route().action().answer(call.with(match.variables()));
      if (isForm) {
        guard.note(request, visitor, call.path(), reply.status());
      }
      return reply;
    } catch (SheaveException e) {
      return ofFailure(call, e);
    } catch (RuntimeException | StackOverflowError e) {
      String name = Watched.id(request);
      LOG.error("A page failed unexpectedly ({}).", name, e);
      return views.error(
          call,
          500,
          "Error",
          "The server made an error; its log has the details under '" + name + "'.");
    }
  }

  private PageReply ofFailure(PageCall call, SheaveException error) {
    return switch (error.code()) {
      case NOT_FOUND -> views.error(call, 404, "Not found", error.getMessage());
      case PERMISSION_DENIED -> views.error(call, 403, "Not allowed", error.getMessage());
      case INVALID -> views.error(call, 422, "Not possible", error.getMessage());
      case ALREADY_EXISTS, CONFLICT, OUT_OF_REACH ->
          views.error(call, 409, "Not possible", error.getMessage());
      case UNSUPPORTED -> views.error(call, 501, "Not possible", error.getMessage());
      case UNAVAILABLE, INTERRUPTED ->
          // the page comes back by itself
          views
              .error(call, 503, "The database doesn't answer", error.getMessage())
              .withHeader("Refresh", "5");
      case INTERNAL -> {
        LOG.error("A page failed: {}", error.getMessage(), error);
        yield views.error(call, 500, "Error", error.getMessage());
      }
    };
  }

  private static void secure(Response response) {
    response.getHeaders().put("Content-Security-Policy", POLICY);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put("Referrer-Policy", "same-origin");
  }

  private void write(
      Request request,
      Response response,
      Callback callback,
      @Nullable PageCall call,
      PageReply reply)
      throws IOException {
    boolean isOfScript = request.getHeaders().contains(FORM_OF_SCRIPT);
    if (isOfScript && reply.status() == 303) {
      // the script goes there itself: what it fetched would be shown to nobody
      response.setStatus(204);
      response.getHeaders().put("Sheave-Location", reply.headers().getOrDefault("Location", ""));
    } else {
      response.setStatus(reply.status());
      reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    }
    secure(response);
    if (!reply.headers().containsKey("Cache-Control")) {
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    }
    if (call != null) {
      cookies(call, reply, request.isSecure())
          .forEach(cookie -> response.getHeaders().add(HttpHeader.SET_COOKIE, cookie));
    }
    Callback done = Bodies.answering(request, response, callback);
    if (response.getStatus() == 204) {
      Bodies.writeNothing(response, done);
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
    PageReply.Writer writer = reply.writer();
    if (writer != null) {
      writeInPieces(request, response, done, writer);
      return;
    }
    Bodies.write(request, response, reply.body(), done);
  }

  private static void writeInPieces(
      Request request, Response response, Callback callback, PageReply.Writer writer) {
    boolean isCompressed = Bodies.takesGzip(request);
    response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding");
    if (isCompressed) {
      response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
    }
    try {
      OutputStream pieces = Content.Sink.asOutputStream(response);
      OutputStream out = isCompressed ? new GZIPOutputStream(pieces) : pieces;
      writer.writeTo(out);
      // not after a failure: closing it says that this was all
      out.close();
    } catch (IOException | SheaveException e) {
      // what was sent can't be taken back: the connection breaks, so that nobody takes it for all
      callback.failed(e);
      return;
    }
    callback.succeeded();
  }

  private static List<String> cookies(PageCall call, PageReply reply, boolean isSecure) {
    String rest = "; Path=" + call.base() + "/; HttpOnly; SameSite=Strict";
    List<String> cookies = new ArrayList<>();
    if (reply.key() != null) {
      cookies.add(PageCall.KEY + "=" + reply.key() + rest + (isSecure ? "; Secure" : ""));
    }
    if (reply.isPage() && call.isNewToken()) {
      cookies.add(PageCall.CSRF + "=" + call.token() + rest);
    }
    if (reply.notice() != null) {
      cookies.add(PageCall.NOTICE + "=" + PageCall.encoded(reply.notice()) + rest);
    } else if (reply.isPage() && call.notice() != null) {
      cookies.add(PageCall.NOTICE + "=; Max-Age=0" + rest);
    }
    return cookies;
  }
}
