package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Says in a sentence what goes wrong on the way to an HTTP server. */
final class HttpErrors {
  /** Where a server has no room any more. */
  private static final int INSUFFICIENT_STORAGE = 507;

  private final RemoteLocation place;

  HttpErrors(RemoteLocation place) {
    this.place = place;
  }

  /** Whether a server asks to be left alone, whatever it was asked for. */
  static boolean isBusy(int status) {
    return status == HttpStatus.SC_TOO_MANY_REQUESTS || status == HttpStatus.SC_SERVICE_UNAVAILABLE;
  }

  SheaveException unanswered(RelativePath path, Exception e) {
    SheaveException own = Causes.find(e, SheaveException.class);
    if (own != null) {
      return own;
    }
    if (Causes.isInterrupted(e)) {
      // the client took the mark away
      Thread.currentThread().interrupt();
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    String start = "'" + place.of(path) + "': ";
    String server = place.server();
    if (Causes.find(e, UnknownHostException.class) != null) {
      return error(Code.UNAVAILABLE, start + "the host is not known: correct the basepath.", e);
    }
    if (Causes.find(e, SSLException.class) != null) {
      return error(
          Code.UNAVAILABLE,
          start
              + "no trusted TLS connection to "
              + server
              + " ("
              + Causes.root(e)
              + "): the setting 'ca_certificates' can name whom to trust.",
          e);
    }
    if (Causes.find(e, SocketTimeoutException.class) != null) {
      return error(Code.UNAVAILABLE, start + server + " does not answer in time: try later.", e);
    }
    if (Causes.find(e, ConnectException.class) != null
        || Causes.find(e, NoRouteToHostException.class) != null) {
      return error(
          Code.UNAVAILABLE, start + "nothing answers at " + server + ": is it running?", e);
    }
    return error(
        Code.UNAVAILABLE,
        start + "the connection to " + server + " fails (" + Causes.root(e) + ").",
        e);
  }

  SheaveException answered(RelativePath path, String done, int status) {
    return answered(path, done, status, null);
  }

  SheaveException answered(RelativePath path, String done, int status, @Nullable Exception cause) {
    String location = "'" + place.of(path) + "'";
    String server = place.server();
    return switch (status) {
      case HttpStatus.SC_UNAUTHORIZED ->
          error(
              Code.PERMISSION_DENIED,
              location + ": " + server + " refuses the login: check username and password.",
              cause);
      case HttpStatus.SC_FORBIDDEN ->
          error(
              Code.PERMISSION_DENIED,
              location + " can't be " + done + ": " + server + " denies it to this user.",
              cause);
      case HttpStatus.SC_NOT_FOUND, HttpStatus.SC_GONE ->
          error(Code.NOT_FOUND, location + " does not exist.", cause);
      case HttpStatus.SC_METHOD_NOT_ALLOWED, HttpStatus.SC_NOT_IMPLEMENTED ->
          error(
              Code.INVALID,
              location + " can't be " + done + ": there is no WebDAV, or it is not a file.",
              cause);
      case HttpStatus.SC_LOCKED ->
          error(Code.CONFLICT, location + " is locked by somebody else: try later.", cause);
      case HttpStatus.SC_PRECONDITION_FAILED ->
          error(Code.CONFLICT, location + " was changed by somebody else: try again.", cause);
      case INSUFFICIENT_STORAGE ->
          error(Code.UNAVAILABLE, location + " can't be " + done + ": the server is full.", cause);
      case HttpStatus.SC_TOO_MANY_REQUESTS,
          HttpStatus.SC_INTERNAL_SERVER_ERROR,
          HttpStatus.SC_BAD_GATEWAY,
          HttpStatus.SC_SERVICE_UNAVAILABLE,
          HttpStatus.SC_GATEWAY_TIMEOUT ->
          error(
              Code.UNAVAILABLE,
              location + ": " + server + " has a problem (status " + status + "): try later.",
              cause);
      default ->
          error(
              status >= 300 && status < 400 ? Code.INVALID : Code.INTERNAL,
              location
                  + " can't be "
                  + done
                  + ": "
                  + server
                  + " answers with status "
                  + status
                  + (status >= 300 && status < 400 ? ", it is elsewhere: correct the basepath" : "")
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
