package dev.sheave.storage.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import com.microsoft.aad.msal4j.MsalException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.azure.AzureAccount.Credential;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in a sentence what the SDK's exceptions mean, with the place they are about. */
final class AzureErrors {
  private static final Pattern SIGN_IN_CODE = Pattern.compile("AADSTS\\d+");

  /** What Azure says of a shared access signature whose time is over, or is yet to come. */
  private static final String OUT_OF_TIME = "Signature not valid in the specified time frame";

  private final BucketLocation place;
  private final AzureAccount account;
  private final String server;
  private final Credential credential;
  private final ConnectionErrors connection;

  AzureErrors(BucketLocation place, AzureAccount account) {
    this.place = place;
    this.account = account;
    this.server = account.describe();
    this.credential = account.credential();
    this.connection =
        new ConnectionErrors(
            server, "the host of " + server, "endpoint_url and azure_storage_account_name");
  }

  SheaveException translate(RelativePath path, RuntimeException e) {
    SheaveException own = Causes.find(e, SheaveException.class);
    if (own != null) {
      return own;
    }
    if (Causes.has(e, InterruptedException.class) || Thread.currentThread().isInterrupted()) {
      Thread.currentThread().interrupt();
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    BlobStorageException answer = Causes.find(e, BlobStorageException.class);
    Optional<SheaveException> proxys =
        answer == null
            ? Proxies.ofProcess().failure(place.of(path), account.url(), e)
            : Proxies.ofProcess()
                .failure(place.of(path), account.url(), answer.getStatusCode(), answer);
    if (proxys.isPresent()) {
      return proxys.get();
    }
    String at = "'" + place.of(path) + "': ";
    if (Causes.has(e, ClientAuthenticationException.class) || Causes.has(e, MsalException.class)) {
      return notSignedIn(at, e);
    }
    if (Causes.has(e, AzureClients.NotAzure.class)) {
      return error(
          Code.UNAVAILABLE,
          at + server + " didn't answer as Azure: check endpoint_url and the network.",
          e);
    }
    return answer == null ? unanswered(path, e) : answered(path, at, answer);
  }

  private SheaveException notSignedIn(String at, RuntimeException e) {
    if (credential == Credential.CLIENT_SECRET && Causes.has(e, IOException.class)) {
      return error(
          Code.UNAVAILABLE, at + "Azure's sign-in service didn't respond: try again later.", e);
    }
    String reason = signInCode(e);
    String sentence;
    if (credential == Credential.FOUND) {
      sentence =
          reason.isEmpty()
              ? "no credential was found: " + credential.remedy() + "."
              : "Azure's sign-in service rejected the credential that was found ("
                  + reason
                  + "): check it, or set a credential.";
    } else {
      sentence =
          "Azure's sign-in service rejected the application"
              + (reason.isEmpty() ? "" : " (" + reason + ")")
              + ": "
              + remedy(reason)
              + ".";
    }
    return error(Code.PERMISSION_DENIED, at + sentence, e);
  }

  /** Returns the code of Microsoft's error message; empty if it has none. */
  private static String signInCode(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      Matcher code = SIGN_IN_CODE.matcher(String.valueOf(cause.getMessage()));
      if (code.find()) {
        return code.group();
      }
    }
    return "";
  }

  private String remedy(String signInCode) {
    return switch (signInCode) {
      case "AADSTS7000215" -> "check azure_storage_client_secret";
      case "AADSTS7000222" -> "its secret has expired, set a new azure_storage_client_secret";
      case "AADSTS700016" -> "check azure_storage_client_id and azure_storage_tenant_id";
      case "AADSTS90002", "AADSTS900023" -> "check azure_storage_tenant_id";
      default -> credential.remedy();
    };
  }

  private SheaveException answered(RelativePath path, String at, BlobStorageException e) {
    BlobErrorCode code = e.getErrorCode();
    return switch (code == null ? "" : code.toString()) {
      case "ContainerNotFound" ->
          error(
              Code.NOT_FOUND,
              "The container '"
                  + place.bucket()
                  + "' doesn't exist at "
                  + server
                  + ": create it, or check bucket_path.",
              e);
      case "ContainerBeingDeleted" ->
          error(
              Code.UNAVAILABLE,
              "The container '" + place.bucket() + "' is being deleted: try again later.",
              e);
      case "ContainerDisabled", "AccountIsDisabled" ->
          error(Code.PERMISSION_DENIED, at + "the account or the container is disabled.", e);
      case "InvalidResourceName", "InvalidUri", "OutOfRangeInput" ->
          error(
              Code.INVALID,
              at
                  + "the name isn't valid at "
                  + server
                  + ": a container name must have 3 to 63 lowercase letters, numbers and dashes.",
              e);
      case "PublicAccessNotPermitted", "NoAuthenticationInformation" -> refused(at, e);
      case "BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet" ->
          error(
              Code.CONFLICT,
              "'" + place.of(path) + "' was changed by another client: try again.",
              e);
      case "LeaseIdMissing", "LeaseIdMismatchWithBlobOperation" ->
          error(Code.CONFLICT, at + "another client holds a lease on it: try again later.", e);
      case "SnapshotsPresent" ->
          error(Code.CONFLICT, at + "it has snapshots: delete them first.", e);
      case "BlobArchived", "BlobBeingRehydrated" ->
          error(Code.CONFLICT, at + "it is archived: move it to an online tier first.", e);
      default -> byStatus(path, at, e);
    };
  }

  private SheaveException refused(String at, BlobStorageException e) {
    boolean outOfTime =
        account.signatureHasExpired() || String.valueOf(e.getMessage()).contains(OUT_OF_TIME);
    return error(
        Code.PERMISSION_DENIED,
        at
            + server
            + " denied access"
            + (outOfTime
                ? " because the shared access signature has expired or isn't valid yet"
                : reason(e))
            + ": "
            + credential.remedy()
            + ".",
        e);
  }

  private SheaveException byStatus(RelativePath path, String at, BlobStorageException e) {
    return switch (e.getStatusCode()) {
      case 401, 403 -> refused(at, e);
      // without a credential a container that isn't public seems not to exist
      case 404 ->
          credential == Credential.NONE
              ? error(
                  Code.NOT_FOUND,
                  at
                      + "it doesn't exist or isn't public: if it exists, "
                      + credential.remedy()
                      + ".",
                  e)
              : error(Code.NOT_FOUND, "'" + place.of(path) + "' doesn't exist.", e);
      case 409, 412 ->
          error(
              Code.CONFLICT,
              at + "its state doesn't allow the operation" + reason(e) + ": try again.",
              e);
      case 429, 500, 502, 503, 504 ->
          error(
              Code.UNAVAILABLE,
              at
                  + server
                  + (isThrottled(e) ? " is throttling requests" : " is failing")
                  + reason(e)
                  + ": try again later.",
              e);
      default ->
          error(
              Code.INTERNAL,
              at + server + " responded with status " + e.getStatusCode() + reason(e) + ".",
              e);
    };
  }

  private static boolean isThrottled(BlobStorageException e) {
    return e.getStatusCode() == 429 || BlobErrorCode.SERVER_BUSY.equals(e.getErrorCode());
  }

  /** Only Azure's error code: its messages repeat parts of the request. */
  private static String reason(BlobStorageException e) {
    return e.getErrorCode() == null ? "" : " (" + e.getErrorCode() + ")";
  }

  private SheaveException unanswered(RelativePath path, RuntimeException e) {
    return Causes.has(e, HttpTimeoutException.class)
        ? connection.late(place.of(path), e)
        : connection.explain(place.of(path), e).orElseGet(() -> unclear(path, e));
  }

  /** Without what the client says: its messages may repeat parts of the request. */
  private SheaveException unclear(RelativePath path, RuntimeException e) {
    String at = "'" + place.of(path) + "': ";
    boolean answered = Causes.has(e, HttpResponseException.class);
    return !answered && Causes.has(e, IOException.class)
        ? error(
            Code.UNAVAILABLE, at + "the connection to " + server + " failed: try again later.", e)
        : error(
            answered ? Code.INTERNAL : Code.UNAVAILABLE,
            at + server + " sent a response that isn't valid.",
            e);
  }

  private static SheaveException error(Code code, String message, RuntimeException cause) {
    return new SheaveException(code, message, cause);
  }
}
