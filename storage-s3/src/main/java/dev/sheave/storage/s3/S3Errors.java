package dev.sheave.storage.s3;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import dev.sheave.storage.net.Proxies;
import dev.sheave.storage.transfer.RelativePath;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Translates exceptions of the SDK to messages that name the place they are about. */
final class S3Errors {
  private static final Logger LOG = LoggerFactory.getLogger(S3Errors.class);

  private final BucketLocation place;
  private final String server;
  private final URI url;
  private final ConnectionErrors connection;

  S3Errors(BucketLocation place, S3Clients.Settings settings) {
    this.place = place;
    this.server = settings.describe();
    this.url = settings.url();
    this.connection = new ConnectionErrors(server, "the host of " + server, "endpoint_url").at(url);
  }

  SheaveException translate(RelativePath path, SdkException e) {
    if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    return e instanceof S3Exception answer ? answered(path, answer) : unanswered(path, e);
  }

  private SheaveException answered(RelativePath path, S3Exception e) {
    String location = place.of(path);
    String code = e.awsErrorDetails() == null ? "" : nonNull(e.awsErrorDetails().errorCode());
    String said = e.awsErrorDetails() == null ? "" : nonNull(e.awsErrorDetails().errorMessage());
    return switch (code) {
      case "NoSuchBucket" ->
          error(
              Code.NOT_FOUND,
              "The bucket '"
                  + place.bucket()
                  + "' doesn't exist at "
                  + server
                  + ": create it, or check bucket_path.",
              e);
      case "InvalidAccessKeyId" ->
          error(
              Code.PERMISSION_DENIED,
              "'"
                  + location
                  + "': "
                  + server
                  + " doesn't know the access key ID: check aws_access_key_id.",
              e);
      case "SignatureDoesNotMatch" ->
          error(
              Code.PERMISSION_DENIED,
              "'"
                  + location
                  + "': the secret access key doesn't match the access key ID: check"
                  + " aws_secret_access_key.",
              e);
      case "ExpiredToken", "InvalidToken" ->
          error(
              Code.PERMISSION_DENIED,
              "'" + location + "': the session token has expired or isn't valid: get new keys.",
              e);
      case "RequestTimeTooSkewed" ->
          error(
              Code.PERMISSION_DENIED,
              "'"
                  + location
                  + "': the clock of this machine is wrong, according to "
                  + server
                  + ": set it.",
              e);
      case "PreconditionFailed", "ConditionalRequestConflict" ->
          error(Code.CONFLICT, "'" + location + "' was changed by another client: try again.", e);
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          inOtherRegion(e);
      case "InvalidBucketName" ->
          error(
              Code.INVALID,
              "'" + place.bucket() + "' isn't a valid bucket name: check bucket_path.",
              e);
      default -> byStatus(location, e, said);
    };
  }

  private SheaveException byStatus(String location, S3Exception e, String said) {
    Optional<SheaveException> proxys =
        Proxies.ofProcess().failure(location, url, e.statusCode(), e);
    if (proxys.isPresent()) {
      return proxys.get();
    }
    String reason = said.isEmpty() ? "" : " (" + said.replaceAll("[.\\s]+$", "") + ")";
    return switch (e.statusCode()) {
      case 401, 403 ->
          error(
              Code.PERMISSION_DENIED,
              "'"
                  + location
                  + "': "
                  + server
                  + " denied access"
                  + reason
                  + ": check the keys and their permissions.",
              e);
      case 404 -> error(Code.NOT_FOUND, "'" + location + "' doesn't exist.", e);
      case 409, 412 ->
          error(Code.CONFLICT, "'" + location + "' was changed by another client: try again.", e);
      case 301, 307 ->
          regionOf(e).isEmpty()
              ? error(
                  Code.INVALID,
                  "'"
                      + location
                      + "': "
                      + server
                      + " redirects to another server: check endpoint_url.",
                  e)
              : inOtherRegion(e);
      case 429, 500, 502, 503, 504 ->
          error(
              Code.UNAVAILABLE,
              "'"
                  + location
                  + "': "
                  + server
                  + (e.isThrottlingException() ? " is throttling requests" : " is failing")
                  + reason
                  + ": try again later.",
              e);
      default ->
          error(
              Code.INTERNAL,
              "'"
                  + location
                  + "': "
                  + server
                  + " responded with status "
                  + e.statusCode()
                  + reason
                  + ".",
              e);
    };
  }

  private SheaveException inOtherRegion(S3Exception e) {
    return error(
        Code.INVALID,
        "The bucket '"
            + place.bucket()
            + "' is in another region"
            + regionOf(e)
            + ": check region_name.",
        e);
  }

  private static String regionOf(S3Exception e) {
    SdkHttpResponse response =
        e.awsErrorDetails() == null ? null : e.awsErrorDetails().sdkHttpResponse();
    Optional<String> region =
        response == null ? Optional.empty() : response.firstMatchingHeader("x-amz-bucket-region");
    return region.map(name -> ", " + name).orElse("");
  }

  private SheaveException unanswered(RelativePath path, SdkException e) {
    String location = place.of(path);
    S3Credentials.NotSignedIn notSignedIn = Causes.find(e, S3Credentials.NotSignedIn.class);
    if (notSignedIn != null) {
      return notSignedIn(location, notSignedIn, e);
    }
    return connection
        .explain(location, e)
        .orElseGet(
            () -> {
              if (Causes.has(e, ApiCallAttemptTimeoutException.class)) {
                return connection.late(location, e);
              }
              return isNotXml(e) ? notS3(path, e) : connection.lost(location, e);
            });
  }

  private static boolean isNotXml(SdkException e) {
    XMLStreamException found = Causes.find(e, XMLStreamException.class);
    return found != null && found.getNestedException() == null;
  }

  /** Something else answered, such as the login page of a network. */
  SheaveException notS3(RelativePath path, @Nullable SdkException cause) {
    return new SheaveException(
        Code.UNAVAILABLE,
        "'"
            + place.of(path)
            + "': "
            + server
            + " didn't answer as an S3 server: check endpoint_url and the network.",
        cause);
  }

  private static SheaveException notSignedIn(
      String location, S3Credentials.NotSignedIn found, SdkException e) {
    if (found.way().isEmpty()) {
      return error(
          Code.PERMISSION_DENIED,
          "'"
              + location
              + "': no credentials were found: set aws_access_key_id and aws_secret_access_key, or"
              + " profile_name, or configure the AWS SDK's default credentials.",
          e);
    }
    boolean reached =
        !Causes.has(e, UnknownHostException.class)
            && !Causes.has(e, ConnectException.class)
            && !Causes.has(e, SocketTimeoutException.class);
    return error(
        reached ? Code.PERMISSION_DENIED : Code.UNAVAILABLE,
        "'"
            + location
            + "': "
            + found.way().get()
            + " provides no credentials ("
            + found.getMessage()
            + ").",
        e);
  }

  SheaveException notDeleted(S3Error error) {
    return new SheaveException(
        "AccessDenied".equals(error.code()) ? Code.PERMISSION_DENIED : Code.INTERNAL,
        "'s3://"
            + place.bucket()
            + "/"
            + error.key()
            + "' can't be deleted: "
            + error.message()
            + ".");
  }

  void ignored(String what, SdkException e) {
    LOG.debug("Could not {} at {}", what, place.of(RelativePath.ROOT), e);
  }

  private static SheaveException error(Code code, String message, SdkException cause) {
    return new SheaveException(code, message, cause);
  }

  private static String nonNull(@Nullable String text) {
    return text == null ? "" : text;
  }
}
