package dev.sheave.storage.gcs;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and where: what makes one client differ from another.
 *
 * @param serviceAccountInfo the JSON of a key; without it what Google's library finds is used
 * @param project who is billed, if it isn't the bucket's project
 * @param endpoint where the server is, if it isn't Google's
 */
record GcsAccount(
    @Nullable Secret serviceAccountInfo, @Nullable String project, @Nullable URI endpoint) {

  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/devstorage.read_write");

  private static final String FILE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

  private static final String NONE_FOUND = "default credentials were not found";

  GcsAccount {
    if (serviceAccountInfo != null) {
      given(serviceAccountInfo, GcsClients.SIGN_INS);
    }
  }

  private static GoogleCredentials given(Secret info, HttpTransportFactory connections) {
    try {
      return GoogleCredentials.fromStream(
          new ByteArrayInputStream(info.reveal().getBytes(StandardCharsets.UTF_8)), connections);
    } catch (IOException | RuntimeException e) { // texts that aren't JSON end in several of these
      // no cause: what can't be read may be quoted in it
      throw new SheaveException(
          Code.INVALID,
          "The service_account_info is not the JSON of a service account's key: give the whole text"
              + " of the file that the Google Cloud console made.");
    }
  }

  /** Where the server is, for messages. */
  String describe() {
    return endpoint == null ? "Google" : endpoint.toString();
  }

  /** Whether there is no credential but what may be found on this machine. */
  boolean usesDefault() {
    return serviceAccountInfo == null && isGoogles(endpoint);
  }

  /** What to do if what was found on this machine can't be used, after what that is. */
  static String unusable() {
    String file = System.getenv(FILE_VARIABLE);
    return file == null || file.isEmpty()
        ? "the credential that was found on this machine can't be used: sign in again, or give"
            + " service_account_info."
        : "the credential that "
            + FILE_VARIABLE
            + " names can't be used: correct it, or give"
            + " service_account_info.";
  }

  /** Google has servers of several names; what is found on this machine is for none but them. */
  private static boolean isGoogles(@Nullable URI endpoint) {
    return endpoint == null
        || ("https".equals(endpoint.getScheme())
            && String.valueOf(endpoint.getHost()).endsWith(".googleapis.com"));
  }

  /**
   * Looks for the credential, which may ask the machine that this one runs on.
   *
   * @return null for none: public buckets need none, nor do servers that aren't Google's
   * @throws IOException if there is one that can't be used
   */
  @Nullable GoogleCredentials credentials() throws IOException {
    if (serviceAccountInfo != null) {
      return given(serviceAccountInfo, GcsClients.SIGN_INS).createScoped(SCOPES);
    }
    if (!isGoogles(endpoint)) {
      return null;
    }
    try {
      return GoogleCredentials.getApplicationDefault(GcsClients.SIGN_INS).createScoped(SCOPES);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains(NONE_FOUND)) {
        return null;
      }
      throw e;
    } catch (RuntimeException e) { // a file of which not all values can be used
      throw new IOException(e);
    }
  }
}
