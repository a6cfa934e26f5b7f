package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Clients of HTTP servers with their connections, shared by all blocks of the same settings. */
final class HttpConnections {
  private static final SharedResources<Key, HttpConnections> SHARED =
      new SharedResources<>(unused -> unused.fileSystems.close());

  private final FileSystems fileSystems;
  private final HttpConnection connection;
  private final @Nullable String login;

  private record Key(String server, RemoteSettings settings, boolean redirects) {}

  private HttpConnections(Key key, RemoteLocation place) {
    try {
      this.fileSystems = new FileSystems();
      this.connection =
          fileSystems.open(
              key.server() + "/",
              HttpProvider.options(key.settings(), key.redirects()),
              HttpConnection.class);
    } catch (FileSystemException e) {
      throw new SheaveException(
          Code.INVALID,
          "'" + place.of(RelativePath.ROOT) + "' can't be opened: " + Causes.root(e) + ".",
          e);
    }
    this.login = login(key.settings());
  }

  static SharedResources.Loan<HttpConnections> borrow(
      RemoteLocation place, RemoteSettings settings) {
    boolean dav =
        place.scheme() == RemoteLocation.Scheme.WEBDAV
            || place.scheme() == RemoteLocation.Scheme.WEBDAVS;
    Key key = new Key(server(place), settings, !dav);
    return SHARED.borrow(key, () -> new HttpConnections(key, place));
  }

  /** Its address for HTTP. */
  static String server(RemoteLocation place) {
    String scheme = place.scheme().isEncrypted() ? "https" : "http";
    return scheme + "://" + place.server();
  }

  /**
   * Sent with each request. Without it the server first answers 401, and the content is sent twice.
   */
  private static @Nullable String login(RemoteSettings settings) {
    Secret user = settings.username();
    Secret password = settings.password();
    if (user == null || password == null) {
      return null;
    }
    byte[] both = (user.reveal() + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  /** Sends a request; the caller closes the response. */
  ClassicHttpResponse send(ClassicHttpRequest request) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.");
    }
    if (login != null) {
      request.setHeader(HttpHeaders.AUTHORIZATION, login);
    }
    try {
      return connection.send(request);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
