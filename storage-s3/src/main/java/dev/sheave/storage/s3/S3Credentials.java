package dev.sheave.storage.s3;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * The credentials of a profile, or those that the SDK finds, renewed before they expire. Safe for
 * use by several threads.
 *
 * <p>The SDK's own chain reports only that every provider failed. This one reports why the provider
 * that is configured failed.
 */
final class S3Credentials implements AwsCredentialsProvider {
  /** Properties of a profile that provides credentials, and not just a region. */
  private static final Set<String> SIGNS_IN =
      Set.of("role_arn", "credential_process", "sso_session", "sso_start_url", "login_session");

  private final @Nullable String profile;
  private final AwsCredentialsProvider provider;

  /**
   * Creates a provider; until the first request it only reads the shared files.
   *
   * @param profile a profile of the shared files; null for what the SDK finds
   */
  S3Credentials(@Nullable String profile) {
    this.profile = profile;
    this.provider =
        withClasses(
            () ->
                profile == null
                    ? DefaultCredentialsProvider.builder().build()
                    : ProfileCredentialsProvider.create(profile));
  }

  /**
   * No credentials were found, or their provider failed. It is the cause of an SDK exception, since
   * the SDK passes on no other kind.
   */
  static final class NotSignedIn extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String way;

    private NotSignedIn(@Nullable String way, RuntimeException cause) {
      super(reason(cause), cause);
      this.way = way;
    }

    private static SdkClientException by(@Nullable String way, RuntimeException cause) {
      NotSignedIn e = new NotSignedIn(way, cause);
      return SdkClientException.create(e.getMessage(), e);
    }

    /** The provider that failed; empty if none is configured. */
    Optional<String> way() {
      return Optional.ofNullable(way);
    }

    private static String reason(RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof UnknownHostException) {
          return "its host can't be resolved";
        }
        if (cause instanceof ConnectException) {
          return "can't connect to it";
        }
      }
      String message =
          e instanceof AwsServiceException answer && answer.awsErrorDetails() != null
              ? answer.awsErrorDetails().errorMessage()
              : e.getMessage();
      return String.valueOf(message)
          .replaceFirst(": ProfileFile\\(.*", "")
          .replaceAll("[.\\s]+$", "");
    }
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return withClasses(provider::resolveCredentials);
    } catch (AbortedException e) {
      throw e;
    } catch (RuntimeException e) { // a file that isn't there is no exception of the SDK's
      if (profile != null) {
        throw NotSignedIn.by("the profile_name '" + profile + "'", e);
      }
      return ofTheWayThatWasMeant(e);
    }
  }

  /** Asks the configured provider once more, for its own error. */
  private static AwsCredentials ofTheWayThatWasMeant(RuntimeException chains) {
    String way = null;
    Supplier<AwsCredentialsProvider> provider = null;
    String profile = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    if (isSet(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE)
        && isSet(SdkSystemSetting.AWS_ROLE_ARN)) {
      way = "the web identity in AWS_WEB_IDENTITY_TOKEN_FILE";
      provider = WebIdentityTokenFileCredentialsProvider::create;
    } else if (signsIn(profile)) {
      way = "the profile '" + profile + "'";
      provider = ProfileCredentialsProvider::create;
    } else if (isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
        || isSet(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI)) {
      way = "the container's credentials endpoint";
      provider = ContainerCredentialsProvider::create;
    }
    if (provider == null) {
      throw NotSignedIn.by(null, chains);
    }
    try {
      Supplier<AwsCredentialsProvider> meant = provider;
      return withClasses(() -> meant.get().resolveCredentials());
    } catch (AbortedException e) {
      throw e;
    } catch (RuntimeException e) { // as above
      throw NotSignedIn.by(way, e);
    }
  }

  private static boolean isSet(SdkSystemSetting setting) {
    return setting.getStringValue().isPresent();
  }

  private static boolean signsIn(String profile) {
    return !profile.equals("default")
        || ProfileFile.defaultProfileFile()
            .profile(profile)
            .filter(found -> found.properties().keySet().stream().anyMatch(SIGNS_IN::contains))
            .isPresent();
  }

  /**
   * The SDK looks for the HTTP client that it requests roles with in the thread's context class
   * loader, but a backend has a loader of its own.
   */
  private static <T> T withClasses(Supplier<T> action) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(S3Credentials.class.getClassLoader());
    try {
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
