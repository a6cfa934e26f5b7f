package dev.sheave.storage.github;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/** Translates failures of requests to a repository to messages. */
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
                + "': check the reference"
                + (reference.matches("[0-9a-fA-F]{6,39}")
                    ? ", or set the commit's full id of 40 digits."
                    : "."));
  }

  SheaveException translate(Exception e, @Nullable String reference) {
    SheaveException said = Causes.find(e, SheaveException.class);
    if (said != null) {
      return said;
    }
    if (Thread.currentThread().isInterrupted()) {
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    if (Causes.has(e, TooLargeObjectInPackException.class)) {
      return error(
          Code.UNAVAILABLE,
          "the commit contains an object of more than the "
              + (BoundedRepository.maxBytes() >> 20)
              + " MiB that fit into this process's memory: check the repository, keep large files in"
              + " LFS, or allow more memory with -Xmx.",
          e);
    }
    SheaveException connection = connection(e);
    if (connection != null) {
      return connection;
    }
    String text = Causes.messages(e).toLowerCase(Locale.ROOT);
    if (text.contains("not our ref")
        || text.contains("not valid") && reference != null && ObjectId.isId(reference)) {
      return error(
          Code.NOT_FOUND,
          "it has no commit '"
              + reference
              + "', or the host doesn't serve commits by id: check the reference, or name a branch or"
              + " tag.",
          e);
    }
    if (Causes.has(e, NoRemoteRepositoryException.class) || text.contains("repository not found")) {
      return error(
          Code.NOT_FOUND,
          "the repository doesn't exist"
              + (address.isHttps() && !access.hasToken()
                  ? ", or an access_token is required to see it."
                  : ", or this account isn't allowed to see it: check the repository and the account."),
          e);
    }
    if (text.contains("not authorized")
        || text.contains("not permitted")
        || text.contains("no credentialsprovider")
        || text.contains("authentication")) {
      return denied(e);
    }
    if (e instanceof RuntimeException) {
      return error(
          Code.UNAVAILABLE,
          "the response of " + address.server() + " isn't valid (" + reason(e) + ").",
          e);
    }
    return error(
        Code.UNAVAILABLE, "the request to " + address.server() + " failed (" + reason(e) + ").", e);
  }

  /** The host denied access. */
  SheaveException denied(@Nullable Exception e) {
    if (!address.isSameServer(access.owner())) {
      return error(
          Code.PERMISSION_DENIED,
          address.server()
              + " requires a credential, and the block's credential is for another host.",
          e);
    }
    return error(
        Code.PERMISSION_DENIED,
        access.hasToken()
            ? address.server()
                + " rejected the access_token: it is wrong, has expired, or isn't allowed to read this"
                + " repository."
            : address.isHttps()
                ? "it can't be read without an access_token: set one, or check the repository."
                : address.server() + " denied access, and a token is sent over HTTPS only.",
        e);
  }

  /** Translates a failure of the connection; returns null for any other. */
  @Nullable SheaveException connection(Exception e) {
    String server = address.server();
    JSchException ssh = Causes.find(e, JSchException.class);
    if (ssh instanceof JSchUnknownHostKeyException) {
      return error(
          Code.PERMISSION_DENIED,
          "the host key of "
              + server
              + " isn't known: check it, and add its line to known_hosts (ssh-keyscan prints it; the"
              + " host publishes its key).",
          e);
    }
    if (ssh instanceof JSchHostKeyException) {
      return error(
          Code.PERMISSION_DENIED,
          "the host key of "
              + server
              + " isn't the known one: another machine may be posing as it; if the key was changed,"
              + " update known_hosts.",
          e);
    }
    if (ssh != null && String.valueOf(ssh.getMessage()).toLowerCase(Locale.ROOT).contains("auth")) {
      return error(
          Code.PERMISSION_DENIED,
          access.ssh().deployKey() != null
              ? server + " rejected the deploy_key: add its public half to the repository's keys."
              : server + " rejected this machine's SSH keys: set a deploy_key.",
          e);
    }
    ConnectionErrors errors =
        new ConnectionErrors(server, "the host '" + server + "'", "the repository")
            .trusting("ca_certificate");
    Optional<SheaveException> known =
        (address.isHttp() ? errors.at(address.url()) : errors).explain(address.toString(), e);
    if (known.isPresent()) {
      return known.get();
    }
    return Causes.has(e, InterruptedIOException.class) || Causes.has(e, HttpTimeoutException.class)
        ? errors.late(address.toString(), e)
        : null;
  }

  SheaveException error(Code code, String message, @Nullable Exception e) {
    return new SheaveException(code, "'" + address + "': " + message, e);
  }

  private static String reason(Throwable start) {
    Throwable last = start;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return String.valueOf(last.getMessage()).lines().findFirst().orElse("no reason");
  }
}
