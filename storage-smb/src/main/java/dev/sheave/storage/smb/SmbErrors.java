package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.util.Optional;
import jcifs.smb.NtStatus;
import jcifs.smb.SmbAuthException;
import jcifs.smb.SmbException;
import jcifs.util.transport.ConnectionTimeoutException;
import jcifs.util.transport.RequestTimeoutException;

/** Says in a sentence what the server's and the client's errors mean, with the place. */
final class SmbErrors {
  /** Which the client has no name for. */
  private static final int STATUS_ACCOUNT_EXPIRED = 0xC0000193;

  private final SmbLocation place;
  private final ConnectionErrors connection;

  SmbErrors(SmbLocation place) {
    this.place = place;
    this.connection =
        new ConnectionErrors(place.server(), "the host '" + place.host() + "'", "smb_host");
  }

  SheaveException translate(RelativePath path, String done, IOException e) {
    Optional<SheaveException> unanswered = unanswered(path, e);
    if (unanswered.isPresent()) {
      return unanswered.get();
    }
    SmbException answer = Causes.find(e, SmbException.class);
    return answer == null ? connection.lost(place.of(path), e) : answered(path, done, answer, e);
  }

  private Optional<SheaveException> unanswered(RelativePath path, IOException e) {
    return Causes.has(e, ConnectionTimeoutException.class)
            || Causes.has(e, RequestTimeoutException.class)
        ? Optional.of(connection.late(place.of(path), e))
        : connection.explain(place.of(path), e);
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
              " can't be "
                  + done
                  + ": "
                  + place.server()
                  + " denied access: check the user's permissions",
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
          yield refused(path, Causes.root(answer), e);
        }
        // no server says it: the client does, of what it had open when it lost the connection
        yield answer.getNtStatus() == NtStatus.NT_STATUS_UNSUCCESSFUL
            ? connection.lost(place.of(path), e)
            : error(Code.INTERNAL, path, " can't be " + done + " (" + Causes.root(answer) + ")", e);
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
}
