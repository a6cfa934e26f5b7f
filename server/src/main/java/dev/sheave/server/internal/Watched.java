package dev.sheave.server.internal;

import org.eclipse.jetty.server.Request;
import org.slf4j.MDC;

/** What is known of a request for those who watch over the server. */
public final class Watched {
  private static final String ID = Watched.class.getName() + ".id";
  private static final String ROUTE = Watched.class.getName() + ".route";

  /** What the id is called in the log. */
  public static final String FIELD = "request";

  private Watched() {}

  /** Does some work for a request, whose id the lines of the log have meanwhile. */
  public static void inLog(Request request, Runnable work) {
    MDC.put(FIELD, id(request));
    try {
      work.run();
    } finally {
      MDC.remove(FIELD);
    }
  }

  /** Sets the id by which a request is found in the log. */
  public static void setId(Request request, String id) {
    request.setAttribute(ID, id);
  }

  /** Returns the id by which a request is found in the log. */
  public static String id(Request request) {
    return String.valueOf(request.getAttribute(ID));
  }

  /** Notes which route a request is for, as its table names it: {@code /flows/{id}}. */
  public static void setRoute(Request request, String route) {
    request.setAttribute(ROUTE, route);
  }

  /** Returns which route a request is for; {@code unknown} if it is for none. */
  public static String route(Request request) {
    return request.getAttribute(ROUTE) instanceof String route ? route : "unknown";
  }
}
