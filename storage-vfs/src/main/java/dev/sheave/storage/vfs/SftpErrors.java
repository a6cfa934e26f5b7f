package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import com.jcraft.jsch.SftpException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Translates failures of requests to an SFTP server to messages. */
final class SftpErrors {
  private final RemoteLocation place;

  SftpErrors(RemoteLocation place) {
    this.place = place;
  }

  SheaveException translate(RelativePath path, String done, Exception e) {
    SheaveException own = Causes.find(e, SheaveException.class);
    if (own != null) {
      return own;
    }
    if (Causes.isInterrupted(e)) {
      // the client took the mark away
      Thread.currentThread().interrupt();
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    String location = "'" + place.of(path) + "'";
    SftpException answer = Causes.find(e, SftpException.class);
    if (answer != null && isAnswer(answer)) {
      return answered(location, done, answer, e);
    }
    return unanswered(location, e);
  }

  private SheaveException answered(
      String location, String done, SftpException answer, Exception e) {
    return switch (answer.id) {
      case ChannelSftp.SSH_FX_NO_SUCH_FILE ->
          error(Code.NOT_FOUND, location + " doesn't exist.", e);
      case ChannelSftp.SSH_FX_PERMISSION_DENIED ->
          error(
              Code.PERMISSION_DENIED,
              location + " can't be " + done + ": " + place.server() + " denied access.",
              e);
      case ChannelSftp.SSH_FX_CONNECTION_LOST, ChannelSftp.SSH_FX_NO_CONNECTION ->
          error(
              Code.UNAVAILABLE,
              location + ": the connection to " + place.server() + " failed: try again later.",
              e);
      default ->
          error(
              Code.INTERNAL,
              location + " can't be " + done + ": the server says \"" + answer.getMessage() + "\".",
              e);
    };
  }

  private SheaveException unanswered(String location, Exception e) {
    String server = place.server();
    if (Causes.find(e, JSchUnknownHostKeyException.class) != null) {
      return error(
          Code.PERMISSION_DENIED,
          location
              + ": the host key of "
              + server
              + " isn't known: check it, and add its line to the setting 'known_hosts' or to"
              + " ~/.ssh/known_hosts.",
          e);
    }
    if (Causes.find(e, JSchChangedHostKeyException.class) != null
        || Causes.find(e, JSchRevokedHostKeyException.class) != null) {
      return error(
          Code.PERMISSION_DENIED,
          location
              + ": the host key of "
              + server
              + " isn't the known one: another machine may be posing as it; if the key was changed,"
              + " update the known hosts.",
          e);
    }
    if (Causes.find(e, UnknownHostException.class) != null) {
      return error(
          Code.UNAVAILABLE,
          location + ": the host '" + place.host() + "' can't be resolved: check basepath.",
          e);
    }
    if (Causes.find(e, ConnectException.class) != null
        || Causes.find(e, NoRouteToHostException.class) != null) {
      return error(
          Code.UNAVAILABLE,
          location + ": can't connect to " + server + ": check that it is running.",
          e);
    }
    String said = Causes.messages(e).toLowerCase(Locale.ROOT);
    if (Causes.find(e, NoSuchFileException.class) != null
        || Causes.find(e, FileNotFoundException.class) != null) {
      return error(
          Code.INVALID,
          location
              + ": the file that 'key_filename' or 'known_hosts_filename' names can't be read.",
          e);
    }
    if (said.contains("invalid privatekey")
        || said.contains("invalid key")
        || said.contains("openssh v1 format")) {
      return error(
          Code.INVALID, location + ": the private key can't be read: check the settings.", e);
    }
    if (said.contains("auth fail")
        || said.contains("auth cancel")
        || said.contains("userauth")
        || said.contains("too many authentication failures")) {
      return error(
          Code.PERMISSION_DENIED,
          location
              + ": "
              + server
              + " rejected the login: check username, and password or private key and its"
              + " passphrase.",
          e);
    }
    if (Causes.find(e, SocketTimeoutException.class) != null || said.contains("timeout")) {
      return error(
          Code.UNAVAILABLE,
          location + ": " + server + " didn't respond in time: try again later.",
          e);
    }
    return error(
        Code.UNAVAILABLE,
        location
            + ": the connection to "
            + server
            + " failed ("
            + Causes.root(e)
            + "): try again later.",
        e);
  }

  private static SheaveException error(Code code, String message, Exception cause) {
    return new SheaveException(code, message, cause);
  }

  /**
   * Whether the server sent this error. The client reports its own errors with the same code; after
   * one of them, the next answer on the channel may belong to an earlier request.
   */
  static boolean isAnswer(SftpException e) {
    return e.getCause() == null && e.getMessage() != null && !e.getMessage().isEmpty();
  }

  /** Whether the server says that the file doesn't exist. */
  static boolean isMissing(SftpException e) {
    return e.id == ChannelSftp.SSH_FX_NO_SUCH_FILE && isAnswer(e);
  }

  /** Whether the server refused the operation. */
  static boolean isRefused(SftpException e) {
    return (e.id == ChannelSftp.SSH_FX_FAILURE || e.id == ChannelSftp.SSH_FX_PERMISSION_DENIED)
        && isAnswer(e);
  }
}
