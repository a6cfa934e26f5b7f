package dev.sheave.storage.gcs;

import com.google.api.client.http.GenericUrl;
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
 * The credential, the project and the server of a client. Blocks with equal ones share a client.
 *
 * @param serviceAccountInfo the JSON of a key; if null, Google's library looks for a credential
 * @param project the project to bill, if it isn't the bucket's
 * @param endpoint the URL of the server, if it isn't Google's
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
    } catch (IOException | RuntimeException e) { // thrown in several ways if it isn't JSON
      // no cause: what can't be read may be quoted in it
      throw new SheaveException(
          Code.INVALID,
          "The service_account_info isn't the JSON of a service account's key: set it to the whole"
              + " content of the key file from the Google Cloud console.");
    }
  }

  /** Where the server is, for messages. */
  String describe() {
    return endpoint == null ? "Google" : endpoint.toString();
  }

  /** The server's URL. */
  URI url() {
    return endpoint == null ? URI.create("https://storage.googleapis.com") : endpoint;
  }

  /**
   * Whether the credential may be sent to a server: that of the endpoint, or another one of
   * Google's if the endpoint is Google's, which uses several.
   */
  boolean isFor(GenericUrl server) {
    URI own = url();
    boolean same =
        own.getScheme().equalsIgnoreCase(server.getScheme())
            && own.getHost().equalsIgnoreCase(server.getHost())
            && port(own.getScheme(), own.getPort()) == port(server.getScheme(), server.getPort());
    return same
        || (isGoogles(endpoint)
            && "https".equals(server.getScheme())
            && port("https", server.getPort()) == 443
            && String.valueOf(server.getHost()).endsWith(".googleapis.com"));
  }

  private static int port(String scheme, int port) {
    return port > 0 ? port : scheme.equalsIgnoreCase("https") ? 443 : 80;
  }

  /** Whether Google's library looks for a credential on this machine. */
  boolean usesDefault() {
    return serviceAccountInfo == null && isGoogles(endpoint);
  }

  /** Says that the credential that was found on this machine can't be used, and what to do. */
  static String unusable() {
    String file = System.getenv(FILE_VARIABLE);
    return file == null || file.isEmpty()
        ? "the credential that was found on this machine can't be used: sign in again, or set"
            + " service_account_info."
        : "the credential that "
            + FILE_VARIABLE
            + " names can't be used: check it, or set"
            + " service_account_info.";
  }

  /** Google has several host names. A credential found on this machine is only sent to them. */
  private static boolean isGoogles(@Nullable URI endpoint) {
    return endpoint == null
        || ("https".equals(endpoint.getScheme())
            && String.valueOf(endpoint.getHost()).endsWith(".googleapis.com"));
  }

  /**
   * Looks for the credential, which may send a request to the machine's metadata server.
   *
   * @return null for anonymous access, to public buckets and servers that aren't Google's
   * @throws IOException if a credential was found but can't be used
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
    } catch (RuntimeException e) { // the file has a value that can't be used
      throw new IOException(e);
    }
  }
}
