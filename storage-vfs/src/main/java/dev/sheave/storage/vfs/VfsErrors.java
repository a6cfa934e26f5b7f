package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.commons.vfs2.FileNotFoundException;

/** Translates failures of any provider of VFS to messages. */
final class VfsErrors {
  private final RemoteLocation place;

  VfsErrors(RemoteLocation place) {
    this.place = place;
  }

  SheaveException translate(RelativePath path, String done, IOException e) {
    SheaveException own = Causes.find(e, SheaveException.class);
    if (own != null) {
      return own;
    }
    if (Causes.isInterrupted(e)) {
      Thread.currentThread().interrupt();
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    String start = "'" + place.of(path) + "'";
    String server = place.server();
    if (Causes.find(e, UnknownHostException.class) != null) {
      return error(
          Code.UNAVAILABLE,
          start + ": the host '" + place.host() + "' can't be resolved: check basepath.",
          e);
    }
    if (Causes.find(e, SSLException.class) != null) {
      return error(
          Code.UNAVAILABLE,
          start
              + ": a trusted TLS connection to "
              + server
              + " can't be established ("
              + Causes.root(e)
              + "): if the certificate is from your own authority, set 'ca_certificates' in the"
              + " settings.",
          e);
    }
    if (Causes.find(e, SocketTimeoutException.class) != null) {
      return error(
          Code.UNAVAILABLE, start + ": " + server + " didn't respond in time: try again later.", e);
    }
    if (Causes.find(e, ConnectException.class) != null
        || Causes.find(e, NoRouteToHostException.class) != null) {
      return error(
          Code.UNAVAILABLE,
          start + ": can't connect to " + server + ": check that it is running.",
          e);
    }
    if (Causes.find(e, FileNotFoundException.class) != null) {
      return error(Code.NOT_FOUND, start + " doesn't exist.", e);
    }
    String said = Causes.messages(e).toLowerCase(Locale.ROOT);
    if (said.contains("could not login") || said.contains("authentication failed")) {
      return error(
          Code.PERMISSION_DENIED,
          start + ": " + server + " rejected the login: check username and password.",
          e);
    }
    if (said.contains("permission") || said.contains("not writ") || said.contains("read-only")) {
      return error(
          Code.PERMISSION_DENIED,
          start + " can't be " + done + ": " + server + " denied access.",
          e);
    }
    return error(Code.UNAVAILABLE, start + " can't be " + done + " (" + Causes.root(e) + ").", e);
  }

  private static SheaveException error(Code code, String message, IOException cause) {
    return new SheaveException(code, message, cause);
  }
}
