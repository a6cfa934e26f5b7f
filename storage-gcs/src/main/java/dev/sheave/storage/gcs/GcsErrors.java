package dev.sheave.storage.gcs;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.gson.stream.MalformedJsonException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.http.conn.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/** Says in a sentence what the client's exceptions mean, with the place they are about. */
final class GcsErrors {
  private static final Pattern PERMISSION =
      Pattern.compile("\\b(storage|serviceusage)\\.[A-Za-z.]*[A-Za-z]");

  private final BucketLocation place;
  private final GcsAccount account;
  private final String server;
  private final ConnectionErrors connection;

  GcsErrors(BucketLocation place, GcsAccount account) {
    this.place = place;
    this.account = account;
    this.server = account.describe();
    this.connection =
        new ConnectionErrors(server, "the host of " + server, "endpoint_url and the network");
  }

  /**
   * Translates.
   *
   * @param bucketAlone whether only the bucket can be missing
   */
  SheaveException translate(RelativePath path, Exception e, boolean bucketAlone) {
    SheaveException said = Causes.find(e, SheaveException.class);
    if (said != null) {
      return said;
    }
    if (Thread.currentThread().isInterrupted()) {
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    HttpResponseException answer = Causes.find(e, HttpResponseException.class);
    Optional<SheaveException> proxys =
        answer == null
            ? Proxies.ofProcess().failure(place.of(path), account.url(), e)
            : Proxies.ofProcess()
                .failure(place.of(path), account.url(), answer.getStatusCode(), answer);
    if (proxys.isPresent()) {
      return proxys.get();
    }
    String at = "'" + place.of(path) + "': ";
    if (Causes.has(e, GcsClients.NotSignedIn.class)) {
      return notSignedIn(at, e);
    }
    return answer == null
        ? unanswered(path, e)
        : answered(path, answer.getStatusCode(), reason(answer), text(answer), bucketAlone, answer);
  }

  /** Translates the error of one deletion of a batch. */
  SheaveException notDeleted(RelativePath path, GoogleJsonError error) {
    return answered(
        path, error.getCode(), reason(error), String.valueOf(error.getMessage()), false, null);
  }

  private SheaveException notSignedIn(String at, Exception e) {
    HttpResponseException answer = Causes.find(e, HttpResponseException.class);
    if (Causes.has(e, SocketException.class)
        || Causes.has(e, UnknownHostException.class)
        || Causes.has(e, SocketTimeoutException.class)
        || Causes.has(e, ConnectTimeoutException.class)
        || (answer != null && answer.getStatusCode() >= 429)) {
      return error(
          Code.UNAVAILABLE, at + "Google's sign-in service didn't respond: try again later.", e);
    }
    if (account.usesDefault()) {
      return error(Code.PERMISSION_DENIED, at + GcsAccount.unusable(), e);
    }
    String said = answer == null ? "" : text(answer);
    String sentence;
    if (said.contains("reasonable timeframe")) {
      sentence =
          "the clock of this machine is wrong, according to Google's sign-in service: set it.";
    } else if (said.contains("Invalid JWT Signature")) {
      sentence =
          "Google's sign-in service doesn't know the service account's key: set a new"
              + " service_account_info.";
    } else {
      sentence =
          "Google's sign-in service rejected the service account: check service_account_info.";
    }
    return error(Code.PERMISSION_DENIED, at + sentence, e);
  }

  private SheaveException answered(
      RelativePath path,
      int status,
      String reason,
      String text,
      boolean bucketAlone,
      @Nullable Exception e) {
    String at = "'" + place.of(path) + "': ";
    if (text.contains("requester pays") && account.project() == null) {
      return error(
          Code.INVALID,
          at + "the bucket requires the requester to pay: set project to the project to bill.",
          e);
    }
    if (reason.equals("rateLimitExceeded") || reason.equals("userRateLimitExceeded")) {
      return busy(at, status, true, e);
    }
    return switch (status) {
      case 400 ->
          text.toLowerCase(Locale.ROOT).contains("bucket name")
              ? error(
                  Code.INVALID,
                  "'" + place.bucket() + "' isn't a valid bucket name: check bucket_path.",
                  e)
              : error(Code.INVALID, at + server + " rejected the request" + in(reason) + ".", e);
      case 401, 403 -> denied(at, status, text, e);
      case 404 ->
          bucketAlone || text.contains("bucket does not exist")
              ? error(
                  Code.NOT_FOUND,
                  "The bucket '"
                      + place.bucket()
                      + "' doesn't exist at "
                      + server
                      + ": create it, or check bucket_path.",
                  e)
              : error(Code.NOT_FOUND, "'" + place.of(path) + "' doesn't exist.", e);
      case 409, 412 ->
          error(
              Code.CONFLICT,
              "'" + place.of(path) + "' was changed by another client: try again.",
              e);
      case 408, 429, 500, 502, 503, 504 -> busy(at, status, status == 429, e);
      default ->
          error(
              Code.INTERNAL,
              at + server + " responded with status " + status + in(reason) + ".",
              e);
    };
  }

  private SheaveException busy(String at, int status, boolean throttled, @Nullable Exception e) {
    return error(
        Code.UNAVAILABLE,
        at
            + server
            + (throttled ? " is throttling requests" : " is failing")
            + " (status "
            + status
            + "): try again later.",
        e);
  }

  private SheaveException denied(String at, int status, String text, @Nullable Exception e) {
    Matcher permission = PERMISSION.matcher(text);
    String missing =
        permission.find() ? " because the permission " + permission.group() + " is missing" : "";
    String remedy;
    if (missing.contains("serviceusage") || text.contains("UserProject")) {
      remedy = "check project, or allow the account to use it";
    } else if (account.serviceAccountInfo() != null) {
      remedy =
          (status == 401 ? "" : "grant it to the service account, or ")
              + "check service_account_info";
    } else if (account.endpoint() != null) {
      remedy = "set service_account_info";
    } else {
      remedy = "set service_account_info, or sign in with the Google Cloud CLI";
    }
    return error(
        Code.PERMISSION_DENIED, at + server + " denied access" + missing + ": " + remedy + ".", e);
  }

  private static String in(String reason) {
    return reason.isEmpty() ? "" : " (" + reason + ")";
  }

  private static String reason(HttpResponseException e) {
    return e instanceof GoogleJsonResponseException json ? reason(json.getDetails()) : "";
  }

  private static String reason(@Nullable GoogleJsonError error) {
    List<GoogleJsonError.ErrorInfo> all = error == null ? null : error.getErrors();
    return all == null || all.isEmpty() || all.get(0).getReason() == null
        ? ""
        : all.get(0).getReason();
  }

  /** The body of the response. It may name the account, so messages only repeat known parts. */
  private static String text(HttpResponseException e) {
    return String.valueOf(e.getContent());
  }

  private SheaveException unanswered(RelativePath path, Exception e) {
    String location = place.of(path);
    if (Causes.has(e, ConnectTimeoutException.class)) {
      return connection.late(location, e);
    }
    return connection
        .explain(location, e)
        .orElseGet(
            () ->
                Causes.has(e, IOException.class) && !Causes.has(e, MalformedJsonException.class)
                    ? connection.lost(location, e)
                    : error(
                        Code.UNAVAILABLE,
                        "'"
                            + location
                            + "': "
                            + server
                            + " sent a response that isn't valid: check endpoint_url.",
                        e));
  }

  private static SheaveException error(Code code, String message, @Nullable Exception cause) {
    return new SheaveException(code, message, cause);
  }
}
