package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.api.AuditRecord;
import dev.sheave.internal.Json;
import dev.sheave.server.internal.Bodies;
import dev.sheave.server.internal.BodyReader;
import dev.sheave.server.internal.Watched;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers requests by the table of routes. */
final class ApiHandler extends Handler.Abstract {
  /** The version of the protocol: that of the reference, 2.10.13. */
  static final String PROTOCOL = "0.8.4";

  static final String VERSION_HEADER = "X-PREFECT-API-VERSION";

  /** Those whose bodies mean something. */
  private static final Set<String> METHODS_WITH_BODIES = Set.of("POST", "PUT", "PATCH");

  private final Routes routes;
  private final String prefix;
  private final String metrics;
  private final Authentication authentication;
  private final RunKeyRules runKeys;
  private final RequestRate rate;
  private final AuditLog audit;
  private final Duration patience;

  /**
   * A handler.
   *
   * @param prefix what paths begin with, such as {@code /api}
   * @param authentication who may ask
   * @param runKeys what runs may ask
   * @param rate how often one may ask
   * @param audit takes the changes
   * @param patience how long a body may take to arrive
   */
  ApiHandler(
      Routes routes,
      String prefix,
      Authentication authentication,
      RunKeyRules runKeys,
      RequestRate rate,
      AuditLog audit,
      Duration patience) {
    this.routes = routes;
    this.prefix = prefix;
    this.metrics = metricsPath(prefix);
    this.authentication = authentication;
    this.runKeys = runKeys;
    this.rate = rate;
    this.audit = audit;
    this.patience = patience;
  }

  /** Where metrics are by custom, beside the API. */
  private static String metricsPath(String prefix) {
    return prefix.substring(0, prefix.lastIndexOf('/')) + "/metrics";
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    respond(request, response, callback, () -> admit(request, response, callback));
    return true;
  }

  /** Makes the answer to a request. */
  private interface Work {
    /** Returns the answer; null if it follows later. */
    @Nullable Reply reply() throws IOException;
  }

  private static void respond(Request request, Response response, Callback callback, Work work) {
    try {
      Reply reply = reply(request, work);
      if (reply != null) {
        write(request, response, callback, reply);
      }
    } catch (IOException e) {
      // the client is gone
      callback.failed(e);
    }
  }

  private static @Nullable Reply reply(Request request, Work work) throws IOException {
    try {
      return work.reply();
    } catch (RequestException e) {
      return e.reply();
    } catch (SheaveException e) {
      return Failures.of(e);
    } catch (IllegalArgumentException e) {
      // the records' classes refuse values that are out of bounds
      return Failures.of(
          new SheaveException(SheaveException.Code.INVALID, String.valueOf(e.getMessage()), e));
    } catch (RuntimeException | StackOverflowError e) {
      return Failures.ofDefect(e, Watched.id(request));
    }
  }

  /** Checks who asks for what, before a body is waited for. */
  private @Nullable Reply admit(Request request, Response response, Callback callback)
      throws IOException {
    List<String> parts = parts(request.getHttpURI().getPath());
    Routes.Match match = routes.find(request.getMethod(), parts);
    if (match != null) {
      Watched.setRoute(request, "/api" + match.route().path());
    }
    Caller caller =
        match != null && match.route().scope() == Scope.NONE
            ? Caller.NOBODY // it is answered without the database
            : match != null && match.route().believesLastReader()
                ? authentication.readerOf(request)
                : authentication.callerOf(request);
    rate.check(caller);
    checkVersion(request.getHeaders().get(VERSION_HEADER));
    if (match == null) {
      return unknown(request, parts);
    }
    Authentication.check(caller, match.route().scope());
    if (!METHODS_WITH_BODIES.contains(request.getMethod())) {
      return answer(request, match, caller, null);
    }
    BodyReader.read(
        request,
        callback,
        RequestBody.MAX_BYTES,
        patience,
        new BodyReader.Taker() {
          @Override
          public void take(byte[] body) {
            respond(
                request,
                response,
                callback,
                () -> answer(request, match, caller, RequestBody.read(request, body)));
          }

          @Override
          public void refuse(int status) {
            respond(request, response, callback, () -> RequestBody.refusal(status));
          }
        });
    return null;
  }

  private Reply answer(Request request, Routes.Match match, Caller caller, @Nullable Object body) {
    Call call = new Call(caller, match.variables(), query(request.getHttpURI().getQuery()), body);
    runKeys.check(match.route(), caller, call);
    Reply reply = match.route().action().answer(call);
    if (Logos.areIn(match.route()) && !isOurs(request)) {
      reply = Logos.linked(reply, Request.newHttpURIFrom(request, prefix).toString());
    }
    if (AuditLog.isChange(match.route())) {
      audit.note(
          new AuditRecord(
              Instant.now(),
              caller.name(),
              Request.getRemoteAddr(request),
              request.getMethod(),
              request.getHttpURI().getPath().substring(prefix.length()),
              reply.status()));
    }
    return reply;
  }

  /** Whether Sheave's client asks. */
  private static boolean isOurs(Request request) {
    return String.valueOf(request.getHeaders().get(HttpHeader.USER_AGENT)).startsWith("sheave/");
  }

  private static void checkVersion(@Nullable String version) {
    if (version == null) {
      return;
    }
    if (!version.matches("\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}")) {
      throw new RequestException(
          400, "The header " + VERSION_HEADER + " must be a version such as " + PROTOCOL + ".");
    }
    if (!majorAndMinor(version).equals(majorAndMinor(PROTOCOL))) {
      throw new RequestException(
          400,
          "This server speaks version "
              + PROTOCOL
              + " of the protocol, and the client version "
              + version
              + "; use a client of Prefect 2.10, or of Sheave.");
    }
  }

  private static String majorAndMinor(String version) {
    return version.substring(0, version.lastIndexOf('.'));
  }

  /** Returns the decoded parts of the path after the prefix; none if it is another path. */
  private List<String> parts(String path) {
    if (path.equals(metrics)) {
      return List.of("metrics");
    }
    if (!path.startsWith(prefix + "/")) {
      return List.of();
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.substring(prefix.length() + 1).split("/", -1)) {
      parts.add(decoded(part.replace("+", "%2B")));
    }
    return parts;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RequestException(400, "The address has a '%' that isn't followed by two digits.");
    }
  }

  private static Map<String, String> query(@Nullable String text) {
    Map<String, String> query = new HashMap<>();
    if (text != null) {
      for (String pair : text.split("&")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        query.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private Reply unknown(Request request, List<String> parts) {
    String path = request.getHttpURI().getPath();
    Set<String> methods = routes.methods(parts);
    if (!methods.isEmpty()) {
      return new Reply(
          405,
          Map.of(
              "detail",
              "The method "
                  + request.getMethod()
                  + " isn't for "
                  + path
                  + ", which has "
                  + String.join(", ", methods)
                  + "."),
          Map.of("Allow", String.join(", ", methods)));
    }
    List<String> other = new ArrayList<>(parts);
    boolean endsWithSlash = !other.isEmpty() && other.get(other.size() - 1).isEmpty();
    if (endsWithSlash) {
      other.remove(other.size() - 1);
    } else {
      other.add("");
    }
    if (!parts.isEmpty() && routes.find(request.getMethod(), other) != null) {
      String query = request.getHttpURI().getQuery();
      String there = endsWithSlash ? path.substring(0, path.length() - 1) : path + "/";
      return new Reply(
          307,
          Map.of("detail", "The path is " + there + "."),
          Map.of("Location", query == null ? there : there + "?" + query));
    }
    // the code keeps a client from taking it for a record that doesn't exist
    return Failures.of(
        404,
        new SheaveException(
            SheaveException.Code.UNSUPPORTED,
            "There is no " + request.getMethod() + " " + path + " on this server."));
  }

  private static void write(Request request, Response response, Callback callback, Reply reply)
      throws IOException {
    response.setStatus(reply.status());
    reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    Callback done = Bodies.answering(request, response, callback);
    if (reply.status() == Reply.NO_CONTENT) {
      Bodies.writeNothing(response, done);
      return;
    }
    byte[] bytes;
    if (reply.body() instanceof byte[] other) {
      bytes = other;
    } else {
      bytes = Json.write(reply.body()).getBytes(StandardCharsets.UTF_8);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    }
    Bodies.write(request, response, bytes, done);
  }
}
