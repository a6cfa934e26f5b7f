package dev.sheave.storage.github;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/** Says in a sentence what went wrong with a repository. */
final class GitErrors {
  private final RepositoryAddress address;
  private final GitAccess access;

  GitErrors(RepositoryAddress address, GitAccess access) {
    this.address = address;
    this.access = access;
  }

  static SheaveException noReference(RepositoryAddress address, @Nullable String reference) {
    return new SheaveException(
        Code.NOT_FOUND,
        reference == null
            ? "'" + address + "' has no commit yet: push one."
            : "'"
                + address
                + "' has no branch or tag '"
                + reference
                + "': correct the reference"
                + (reference.matches("[0-9a-fA-F]{6,39}")
                    ? ", or give the commit's whole id of 40 digits."
                    : "."));
  }

  SheaveException translate(Exception e, @Nullable String reference) {
    SheaveException said = find(e, SheaveException.class);
    if (said != null) {
      return said;
    }
    if (Thread.currentThread().isInterrupted()) {
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    SheaveException connection = connection(e);
    if (connection != null) {
      return connection;
    }
    String text = messages(e);
    if (text.contains("not our ref")
        || text.contains("not valid") && reference != null && ObjectId.isId(reference)) {
      return error(
          Code.NOT_FOUND,
          "it has no commit '"
              + reference
              + "', or hands none out by its id: correct the reference, or name a branch or tag.",
          e);
    }
    if (find(e, NoRemoteRepositoryException.class) != null
        || text.contains("repository not found")) {
      return error(
          Code.NOT_FOUND,
          "there is no such repository"
              + (address.isHttps() && !access.hasToken()
                  ? ", or it takes an access_token to see it."
                  : ", or this account may not see it: correct the repository or the account."),
          e);
    }
    if (text.contains("not authorized")
        || text.contains("not permitted")
        || text.contains("no credentialsprovider")
        || text.contains("authentication")) {
      return denied(e);
    }
    return error(
        Code.UNAVAILABLE, address.server() + " gave no proper answer (" + reason(e) + ").", e);
  }

  /** The host refuses who asks. */
  SheaveException denied(@Nullable Exception e) {
    if (!address.isSameServer(access.owner())) {
      return error(
          Code.PERMISSION_DENIED,
          address.server() + " wants a credential, and the block's is for another host.",
          e);
    }
    return error(
        Code.PERMISSION_DENIED,
        access.hasToken()
            ? address.server()
                + " refused the access_token: it is wrong, expired, or lacks the right to read this"
                + " repository."
            : address.isHttps()
                ? "it can't be read without an access_token: give one, or correct the repository."
                : address.server() + " refused access, and a token is sent over HTTPS only.",
        e);
  }

  /** What went wrong before there was an answer; null if there was one. */
  @Nullable SheaveException connection(Exception e) {
    String server = address.server();
    if (find(e, UnknownHostException.class) != null
        || find(e, java.nio.channels.UnresolvedAddressException.class) != null) {
      return error(
          Code.UNAVAILABLE, "the host " + server + " is not known: correct the repository.", e);
    }
    SSLException tls = find(e, SSLException.class);
    if (tls != null) {
      return error(
          Code.UNAVAILABLE,
          "no trusted TLS connection to "
              + server
              + ": if its certificate is your own authority's, give that as ca_certificate ("
              + tls.getMessage()
              + ").",
          e);
    }
    JSchException ssh = find(e, JSchException.class);
    if (ssh instanceof JSchUnknownHostKeyException) {
      return error(
          Code.PERMISSION_DENIED,
          "the SSH host "
              + server
              + " is not a known one: give its lines as known_hosts (ssh-keyscan prints them;"
              + " compare them with what the host publishes).",
          e);
    }
    if (ssh instanceof JSchHostKeyException) {
      return error(
          Code.PERMISSION_DENIED,
          "the SSH host "
              + server
              + " has another key than known_hosts says: somebody may pose as"
              + " it.",
          e);
    }
    if (ssh != null && String.valueOf(ssh.getMessage()).toLowerCase(Locale.ROOT).contains("auth")) {
      return error(
          Code.PERMISSION_DENIED,
          access.ssh().deployKey() != null
              ? server + " refused the deploy_key: add its public half to the repository's keys."
              : server + " refused this machine's SSH keys: give a deploy_key.",
          e);
    }
    if (find(e, ConnectException.class) != null || find(e, NoRouteToHostException.class) != null) {
      return error(Code.UNAVAILABLE, "nothing answers at " + server + ": is it running?", e);
    }
    if (find(e, SocketTimeoutException.class) != null
        || find(e, HttpTimeoutException.class) != null
        || find(e, java.io.InterruptedIOException.class) != null) {
      return error(Code.UNAVAILABLE, server + " does not answer in time: try again later.", e);
    }
    return null;
  }

  SheaveException error(Code code, String message, @Nullable Exception e) {
    return new SheaveException(code, "'" + address + "': " + message, e);
  }

  private static String messages(Throwable start) {
    StringBuilder all = new StringBuilder();
    for (Throwable e = start; e != null; e = e.getCause()) {
      all.append(e.getMessage()).append('\n');
    }
    return all.toString().toLowerCase(Locale.ROOT);
  }

  private static String reason(Throwable start) {
    Throwable last = start;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return String.valueOf(last.getMessage()).lines().findFirst().orElse("no reason");
  }

  private static <T extends Throwable> @Nullable T find(Throwable start, Class<T> type) {
    for (Throwable e = start; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return type.cast(e);
      }
    }
    return null;
  }
}
