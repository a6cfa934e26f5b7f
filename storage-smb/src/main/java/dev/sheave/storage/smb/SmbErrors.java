package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import jcifs.smb.NtStatus;
import jcifs.smb.SmbAuthException;
import jcifs.smb.SmbException;
import jcifs.util.transport.ConnectionTimeoutException;
import jcifs.util.transport.RequestTimeoutException;
import org.jspecify.annotations.Nullable;

/** Says in a sentence what the server's and the client's errors mean, with the place. */
final class SmbErrors {
  /** Which the client has no name for. */
  private static final int STATUS_ACCOUNT_EXPIRED = 0xC0000193;

  private final SmbLocation place;

  SmbErrors(SmbLocation place) {
    this.place = place;
  }

  SheaveException translate(RelativePath path, String done, IOException e) {
    SheaveException own = find(e, SheaveException.class);
    if (own != null) {
      return own;
    }
    SmbException answer = find(e, SmbException.class);
    SheaveException known = unanswered(path, e);
    if (known != null) {
      return known;
    }
    return answer == null ? lost(path, e) : answered(path, done, answer, e);
  }

  private SheaveException lost(RelativePath path, IOException e) {
    String rest =
        ": the connection to " + place.server() + " failed (" + root(e) + "): try again later";
    return error(Code.UNAVAILABLE, path, rest, e);
  }

  private @Nullable SheaveException unanswered(RelativePath path, IOException e) {
    String server = place.server();
    if (find(e, UnknownHostException.class) != null) {
      return error(
          Code.UNAVAILABLE,
          path,
          ": the host '" + place.host() + "' can't be resolved: check smb_host",
          e);
    }
    if (find(e, ConnectionTimeoutException.class) != null
        || find(e, RequestTimeoutException.class) != null
        || find(e, SocketTimeoutException.class) != null) {
      return error(
          Code.UNAVAILABLE, path, ": " + server + " didn't respond in time: try again later", e);
    }
    if (find(e, ConnectException.class) != null || find(e, NoRouteToHostException.class) != null) {
      return error(
          Code.UNAVAILABLE, path, ": can't connect to " + server + ": check that it is running", e);
    }
    return null;
  }

  private SheaveException answered(
      RelativePath path, String done, SmbException answer, IOException e) {
    return switch (answer.getNtStatus()) {
      case NtStatus.NT_STATUS_LOGON_FAILURE,
          NtStatus.NT_STATUS_NO_SUCH_USER,
          NtStatus.NT_STATUS_WRONG_PASSWORD,
          NtStatus.NT_STATUS_NO_SUCH_DOMAIN ->
          refused(path, "check smb_username, smb_password and smb_domain", e);
      case NtStatus.NT_STATUS_PASSWORD_EXPIRED, NtStatus.NT_STATUS_PASSWORD_MUST_CHANGE ->
          refused(
              path, "the password has expired: change it on the server, then in smb_password", e);
      case NtStatus.NT_STATUS_ACCOUNT_LOCKED_OUT ->
          refused(path, "the account is locked after wrong passwords: have it unlocked", e);
      case NtStatus.NT_STATUS_ACCOUNT_DISABLED, STATUS_ACCOUNT_EXPIRED ->
          refused(path, "the account is disabled or has expired: have it enabled", e);
      case NtStatus.NT_STATUS_ACCOUNT_RESTRICTION,
          NtStatus.NT_STATUS_INVALID_LOGON_HOURS,
          NtStatus.NT_STATUS_INVALID_WORKSTATION,
          NtStatus.NT_STATUS_LOGON_TYPE_NOT_GRANTED ->
          refused(path, "the account isn't allowed to log in now or from this machine", e);
      case NtStatus.NT_STATUS_BAD_NETWORK_NAME, NtStatus.NT_STATUS_NETWORK_NAME_DELETED ->
          new SheaveException(
              Code.NOT_FOUND,
              "The share '"
                  + place.share()
                  + "' doesn't exist at "
                  + place.server()
                  + ": check share_path.",
              e);
      case NtStatus.NT_STATUS_ACCESS_DENIED, NtStatus.NT_STATUS_NETWORK_ACCESS_DENIED ->
          error(
              Code.PERMISSION_DENIED,
              path,
              " can't be " + done + ": " + place.server() + " denied access",
              e);
      case NtStatus.NT_STATUS_DISK_FULL ->
          error(Code.UNAVAILABLE, path, " can't be " + done + ": the server's disk is full", e);
      case NtStatus.NT_STATUS_SHARING_VIOLATION, NtStatus.NT_STATUS_DELETE_PENDING ->
          inUse(path, e);
      case NtStatus.NT_STATUS_OBJECT_NAME_INVALID, NtStatus.NT_STATUS_OBJECT_PATH_INVALID ->
          error(Code.INVALID, path, " isn't a valid file name on this server", e);
      case NtStatus.NT_STATUS_FILE_IS_A_DIRECTORY, NtStatus.NT_STATUS_NOT_A_DIRECTORY ->
          error(Code.INVALID, path, " can't be " + done + ": a folder or file is in the way", e);
      default -> {
        if (isMissing(answer)) {
          yield error(Code.NOT_FOUND, path, " doesn't exist", e);
        }
        if (answer instanceof SmbAuthException) {
          yield refused(path, root(answer), e);
        }
        // no server says it: the client does, of what it had open when it lost the connection
        yield answer.getNtStatus() == NtStatus.NT_STATUS_UNSUCCESSFUL
            ? lost(path, e)
            : error(Code.INTERNAL, path, " can't be " + done + " (" + root(answer) + ")", e);
      }
    };
  }

  private SheaveException refused(RelativePath path, String why, IOException e) {
    String rest = ": " + place.server() + " rejected the login: " + why;
    return error(Code.PERMISSION_DENIED, path, rest, e);
  }

  SheaveException inUse(RelativePath path, IOException e) {
    return error(Code.CONFLICT, path, " is in use by another client: try again", e);
  }

  SheaveException notAFile(RelativePath path, Code code) {
    return new SheaveException(code, "'" + place.of(path) + "' isn't a file.");
  }

  private SheaveException error(Code code, RelativePath path, String rest, IOException cause) {
    return new SheaveException(code, "'" + place.of(path) + "'" + rest + ".", cause);
  }

  /** Whether the server says that a file, or a folder above it, doesn't exist. */
  static boolean isMissing(SmbException e) {
    int status = e.getNtStatus();
    return status == NtStatus.NT_STATUS_OBJECT_NAME_NOT_FOUND
        || status == NtStatus.NT_STATUS_OBJECT_PATH_NOT_FOUND
        || status == NtStatus.NT_STATUS_NO_SUCH_FILE
        || status == NtStatus.NT_STATUS_NOT_FOUND;
  }

  /** Whether a file can't be replaced, perhaps since another client has it open. */
  static boolean mayBeOpen(SmbException e) {
    int status = e.getNtStatus();
    return status == NtStatus.NT_STATUS_ACCESS_DENIED
        || status == NtStatus.NT_STATUS_SHARING_VIOLATION
        || status == NtStatus.NT_STATUS_DELETE_PENDING;
  }

  private static <T extends Throwable> @Nullable T find(Throwable start, Class<T> type) {
    for (Throwable e = start; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return type.cast(e);
      }
    }
    return null;
  }

  /** What the first cause says, without a full stop. */
  private static String root(Throwable start) {
    Throwable root = start;
    for (Throwable e = start; e != null; e = e.getCause()) {
      root = e;
    }
    String message = root.getMessage();
    return message == null || message.isBlank()
        ? root.getClass().getSimpleName()
        : message.strip().replaceAll("[.\\s]+$", "").replace('\n', ' ');
  }
}
