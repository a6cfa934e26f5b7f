package dev.sheave.server;

import dev.sheave.server.internal.Watched;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Gives each request an id, which its answer and all lines of the log about it have, and tells the
 * log and the meters of its end. Safe for use by several threads.
 */
final class RequestWatch extends Handler.Wrapper {
  /** Has the id, in requests and in answers. */
  static final String HEADER = "X-Request-ID";

  private static final Logger LOG = LoggerFactory.getLogger(RequestWatch.class);

  /** A client may give the id, but nothing that confuses who reads the log. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final @Nullable Meters meters;

  RequestWatch(Handler handler, @Nullable Meters meters) {
    super(handler);
    this.meters = meters;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long start = System.nanoTime();
    String given = request.getHeaders().get(HEADER);
    String id =
        given != null && ID.matcher(given).matches()
            ? given
            : UUID.randomUUID().toString().substring(0, 8);
    response.getHeaders().put(HEADER, id);
    Watched.setId(request, id);
    Request.addCompletionListener(
        request,
        failure -> end(request, response, id, Duration.ofNanos(System.nanoTime() - start)));
    MDC.put(Watched.FIELD, id);
    try {
      return super.handle(request, response, callback);
    } finally {
      MDC.remove(Watched.FIELD);
    }
  }

  private void end(Request request, Response response, String id, Duration time) {
    int status = response.getStatus();
    if (meters != null) {
      meters.count(request.getMethod(), Watched.route(request), status, time);
    }
    if (LOG.isInfoEnabled()) {
      // without the query, which may have parameters of flows
      String path = request.getHttpURI().getPath();
      Map<String, String> fields =
          Map.of(
              Watched.FIELD,
              id,
              "method",
              request.getMethod(),
              "path",
              path,
              "status",
              String.valueOf(status),
              "millis",
              String.valueOf(time.toMillis()),
              "address",
              Request.getRemoteAddr(request));
      fields.forEach(MDC::put);
      LOG.info("{} {} {} in {} ms", request.getMethod(), path, status, time.toMillis());
      fields.keySet().forEach(MDC::remove);
    }
  }
}
