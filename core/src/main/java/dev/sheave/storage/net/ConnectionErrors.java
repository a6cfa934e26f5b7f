package dev.sheave.storage.net;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says in a sentence why a server didn't answer, in the same words for all storages. Immutable.
 *
 * <p>What a server did answer, and what only its client knows, is the backend's to tell.
 */
public final class ConnectionErrors {
  /** What the JDK says of an answer that isn't TLS. */
  private static final String NO_TLS = "Unsupported or unrecognized SSL message";

  private final String server;
  private final String host;
  private final String check;
  private final @Nullable URI url;
  private final @Nullable String authority;

  /**
   * What can be said of a server.
   *
   * @param server what it is called within a sentence, such as {@code S3 at https://example.com}
   * @param host what its host is called, such as {@code the host 'example.com'}
   * @param check what to check if there is no such host: {@code basepath}
   */
  public ConnectionErrors(String server, String host, String check) {
    this(server, host, check, null, null);
  }

  private ConnectionErrors(
      String server, String host, String check, @Nullable URI url, @Nullable String authority) {
    this.server = server;
    this.host = host;
    this.check = check;
    this.url = url;
    this.authority = authority;
  }

  /** Asked over HTTP at this URL, by the proxies of this process: their failures are told too. */
  public ConnectionErrors at(URI asked) {
    return new ConnectionErrors(server, host, check, asked, authority);
  }

  /** With a setting for the certificates of one's own authority, such as {@code ca_certificate}. */
  public ConnectionErrors trusting(String setting) {
    return new ConnectionErrors(server, host, check, url, setting);
  }

  /**
   * Explains a failure; empty if it has none of the known causes. An error of Sheave's own among
   * the causes is returned as it is.
   *
   * @param location the place that was asked for, named at the beginning of the sentence
   */
  public Optional<SheaveException> explain(String location, Throwable e) {
    SheaveException own = Causes.find(e, SheaveException.class);
    if (own != null) {
      return Optional.of(own);
    }
    if (url != null) {
      Optional<SheaveException> proxys = Proxies.ofProcess().failure(location, url, e);
      if (proxys.isPresent()) {
        return proxys;
      }
    }
    if (Causes.has(e, UnknownHostException.class)
        || Causes.has(e, UnresolvedAddressException.class)) {
      return error(location, host + " can't be resolved: check " + check, e);
    }
    if (Causes.has(e, SSLException.class)) {
      String remedy =
          authority == null
              ? ""
              : ": if the certificate is from your own authority, set '" + authority + "'";
      if (server.contains("https://") && Causes.root(e).contains(NO_TLS)) {
        remedy = ": does it speak http://?";
      }
      return error(
          location,
          "a trusted TLS connection to "
              + server
              + " can't be established ("
              + Causes.root(e)
              + ")"
              + remedy,
          e);
    }
    if (Causes.has(e, SocketTimeoutException.class) || Causes.has(e, TimeoutException.class)) {
      return Optional.of(late(location, e));
    }
    return Causes.has(e, ConnectException.class) || Causes.has(e, NoRouteToHostException.class)
        ? error(location, "can't connect to " + server + ": check that it is running", e)
        : Optional.empty();
  }

  /**
   * The error for an answer that didn't come in time, where only the client's exceptions say so.
   */
  public SheaveException late(String location, Throwable e) {
    return unavailable(location, server + " didn't respond in time: try again later", e);
  }

  /** The error for a connection that broke, or whatever else has no better explanation. */
  public SheaveException lost(String location, Throwable e) {
    return unavailable(
        location,
        "the connection to " + server + " failed (" + Causes.root(e) + "): try again later",
        e);
  }

  private static Optional<SheaveException> error(String location, String rest, Throwable e) {
    return Optional.of(unavailable(location, rest, e));
  }

  private static SheaveException unavailable(String location, String rest, Throwable e) {
    return new SheaveException(Code.UNAVAILABLE, "'" + location + "': " + rest + ".", e);
  }
}
