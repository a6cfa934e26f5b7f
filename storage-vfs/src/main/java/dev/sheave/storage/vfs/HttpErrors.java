package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.ConnectionErrors;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.transfer.RelativePath;
import java.net.URI;
import java.util.Optional;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Translates failures of requests to an HTTP server to messages. */
final class HttpErrors {
  /** WebDAV's status for a full disk. */
  private static final int INSUFFICIENT_STORAGE = 507;

  private final RemoteLocation place;
  private final ConnectionErrors connection;

  HttpErrors(RemoteLocation place) {
    this.place = place;
    this.connection = RemoteErrors.connection(place).at(url());
  }

  /** Whether a server is overloaded, so that every request would fail. */
  static boolean isBusy(int status) {
    return status == HttpStatus.SC_TOO_MANY_REQUESTS || status == HttpStatus.SC_SERVICE_UNAVAILABLE;
  }

  private URI url() {
    return URI.create(HttpConnections.server(place));
  }

  SheaveException unanswered(RelativePath path, Exception e) {
    SheaveException own = RemoteErrors.own(e);
    if (own != null) {
      return own;
    }
    String location = place.of(path);
    return connection.explain(location, e).orElseGet(() -> connection.lost(location, e));
  }

  SheaveException answered(RelativePath path, String done, int status) {
    return answered(path, done, status, null);
  }

  SheaveException answered(RelativePath path, String done, int status, @Nullable Exception cause) {
    Optional<SheaveException> proxys =
        Proxies.ofProcess().failure(place.of(path), url(), status, cause);
    if (proxys.isPresent()) {
      return proxys.get();
    }
    String location = "'" + place.of(path) + "'";
    String server = place.server();
    return switch (status) {
      case HttpStatus.SC_UNAUTHORIZED ->
          error(
              Code.PERMISSION_DENIED,
              location + ": " + server + " rejected the login: check username and password.",
              cause);
      case HttpStatus.SC_FORBIDDEN ->
          error(
              Code.PERMISSION_DENIED,
              location
                  + " can't be "
                  + done
                  + ": "
                  + server
                  + " denied access: check the user's permissions.",
              cause);
      case HttpStatus.SC_NOT_FOUND, HttpStatus.SC_GONE ->
          error(Code.NOT_FOUND, location + " doesn't exist.", cause);
      case HttpStatus.SC_METHOD_NOT_ALLOWED, HttpStatus.SC_NOT_IMPLEMENTED ->
          error(
              Code.INVALID,
              location
                  + " can't be "
                  + done
                  + ": the server doesn't support WebDAV there, or it isn't a file.",
              cause);
      case HttpStatus.SC_LOCKED ->
          error(Code.CONFLICT, location + " is locked by another client: try again later.", cause);
      case HttpStatus.SC_PRECONDITION_FAILED ->
          error(Code.CONFLICT, location + " was changed by another client: try again.", cause);
      case INSUFFICIENT_STORAGE ->
          error(
              Code.UNAVAILABLE,
              location + " can't be " + done + ": the server's disk is full.",
              cause);
      case HttpStatus.SC_TOO_MANY_REQUESTS,
          HttpStatus.SC_INTERNAL_SERVER_ERROR,
          HttpStatus.SC_BAD_GATEWAY,
          HttpStatus.SC_SERVICE_UNAVAILABLE,
          HttpStatus.SC_GATEWAY_TIMEOUT ->
          error(
              Code.UNAVAILABLE,
              location
                  + ": "
                  + server
                  + (status == HttpStatus.SC_TOO_MANY_REQUESTS
                      ? " is throttling requests"
                      : " is failing")
                  + " (status "
                  + status
                  + "): try again later.",
              cause);
      default ->
          error(
              status >= 300 && status < 400 ? Code.INVALID : Code.INTERNAL,
              location
                  + " can't be "
                  + done
                  + ": "
                  + server
                  + " responded with status "
                  + status
                  + (status >= 300 && status < 400 ? ", a redirect: check basepath" : "")
                  + ".",
              cause);
    };
  }

  private static SheaveException error(Code code, String message, @Nullable Exception cause) {
    return cause == null
        ? new SheaveException(code, message)
        : new SheaveException(code, message, cause);
  }
}
