package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import com.jcraft.jsch.SftpException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;

/** Translates failures of requests to an SFTP server to messages. */
final class SftpErrors {
  private final RemoteLocation place;
  private final ConnectionErrors connection;

  SftpErrors(RemoteLocation place) {
    this.place = place;
    this.connection = RemoteErrors.connection(place);
  }

  SheaveException translate(RelativePath path, String done, Exception e) {
    SheaveException own = RemoteErrors.own(e);
    if (own != null) {
      return own;
    }
    String location = "'" + place.of(path) + "'";
    SftpException answer = Causes.find(e, SftpException.class);
    if (answer != null && isAnswer(answer)) {
      return answered(location, done, answer, e);
    }
    return unanswered(path, e);
  }

  private SheaveException answered(
      String location, String done, SftpException answer, Exception e) {
    return switch (answer.id) {
      case ChannelSftp.SSH_FX_NO_SUCH_FILE ->
          error(Code.NOT_FOUND, location + " doesn't exist.", e);
      case ChannelSftp.SSH_FX_PERMISSION_DENIED ->
          error(
              Code.PERMISSION_DENIED,
              location
                  + " can't be "
                  + done
                  + ": "
                  + place.server()
                  + " denied access: check the user's permissions.",
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

  private SheaveException unanswered(RelativePath path, Exception e) {
    String location = "'" + place.of(path) + "'";
    String server = place.server();
    if (Causes.has(e, JSchUnknownHostKeyException.class)) {
      return error(
          Code.PERMISSION_DENIED,
          location
              + ": the host key of "
              + server
              + " isn't known: check it, and add its line to the setting 'known_hosts' or to"
              + " ~/.ssh/known_hosts.",
          e);
    }
    if (Causes.has(e, JSchChangedHostKeyException.class)
        || Causes.has(e, JSchRevokedHostKeyException.class)) {
      return error(
          Code.PERMISSION_DENIED,
          location
              + ": the host key of "
              + server
              + " isn't the known one: another machine may be posing as it; if the key was changed,"
              + " update the known hosts.",
          e);
    }
    Optional<SheaveException> known = connection.explain(place.of(path), e);
    if (known.isPresent()) {
      return known.get();
    }
    String said = Causes.messages(e).toLowerCase(Locale.ROOT);
    if (Causes.has(e, NoSuchFileException.class) || Causes.has(e, FileNotFoundException.class)) {
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
    return said.contains("timeout")
        ? connection.late(place.of(path), e)
        : connection.lost(place.of(path), e);
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
