package dev.sheave.storage.azure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A storage account and how to sign in to it. Blocks with equal accounts share a client.
 *
 * @param connectionString describes the whole account; it takes precedence over the rest
 * @param name of the account
 * @param key signs requests; it takes precedence over the following
 * @param sasToken is sent along with requests
 * @param tenantId of the application that signs in, as are the following two
 * @param anonymous whether a missing credential means anonymous access; otherwise Azure's SDK looks
 *     for one
 * @param endpoint the URL of the account, if it isn't the default one of its name
 */
record AzureAccount(
    @Nullable Secret connectionString,
    @Nullable Secret name,
    @Nullable Secret key,
    @Nullable Secret sasToken,
    @Nullable Secret tenantId,
    @Nullable Secret clientId,
    @Nullable Secret clientSecret,
    boolean anonymous,
    @Nullable URI endpoint) {

  /** Of a shared access signature, by itself or in a connection string. */
  private static final Pattern EXPIRY = Pattern.compile("(?:^|[?&=])se=([^&;]*)");

  /** In a connection string. */
  private static final Pattern BLOB_ENDPOINT =
      Pattern.compile("(?i)(?:^|;)\\s*BlobEndpoint\\s*=([^;]+)");

  AzureAccount {
    boolean someOfTheApplication = tenantId != null || clientId != null || clientSecret != null;
    if (someOfTheApplication && (tenantId == null || clientId == null || clientSecret == null)) {
      throw invalid(
          "'azure_storage_tenant_id', 'azure_storage_client_id' and 'azure_storage_client_secret'"
              + " must be given together.");
    }
    if (connectionString != null) {
      check(connectionString);
    } else if (key != null && name == null) {
      throw invalid("'azure_storage_account_key' requires 'azure_storage_account_name'.");
    }
    if (key != null && !isBase64(key.reveal())) {
      throw invalid("The azure_storage_account_key isn't valid: it must be Base64.");
    }
  }

  private static SheaveException invalid(String message) {
    return new SheaveException(Code.INVALID, message);
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getDecoder().decode(text.strip()).length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The SDK's own complaints may have the key in them. */
  private static void check(Secret connectionString) {
    Map<String, String> settings = new HashMap<>();
    for (String setting : connectionString.reveal().strip().split(";", -1)) {
      int equals = setting.indexOf('=');
      if (equals > 0) {
        settings.put(
            setting.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            setting.substring(equals + 1).strip());
      } else if (!setting.isBlank()) {
        throw invalid(
            "The azure_storage_connection_string isn't valid: it must be a list of settings such as"
                + " 'AccountName=…;AccountKey=…'.");
      }
    }
    if (!settings.containsKey("accountname")
        && !settings.containsKey("blobendpoint")
        && !settings.containsKey("usedevelopmentstorage")) {
      throw invalid(
          "The azure_storage_connection_string must name an account with 'AccountName=…' or"
              + " 'BlobEndpoint=…'.");
    }
    String key = settings.get("accountkey");
    if (key != null && !isBase64(key)) {
      throw invalid("The AccountKey in the azure_storage_connection_string must be Base64.");
    }
  }

  /**
   * Returns this account, or that of the environment variables if this names none.
   *
   * @throws SheaveException {@code INVALID} if nothing names one
   */
  AzureAccount orOfEnvironment() {
    if (connectionString != null || name != null || endpoint != null) {
      return this;
    }
    Secret all = variable("AZURE_STORAGE_CONNECTION_STRING");
    Secret account = variable("AZURE_STORAGE_ACCOUNT_NAME");
    if (all == null && account == null) {
      throw invalid(
          "The block names no storage account: set azure_storage_connection_string, or"
              + " azure_storage_account_name and a credential.");
    }
    return new AzureAccount(
        all,
        account,
        account == null ? null : variable("AZURE_STORAGE_ACCOUNT_KEY"),
        sasToken == null ? variable("AZURE_STORAGE_SAS_TOKEN") : sasToken,
        tenantId,
        clientId,
        clientSecret,
        anonymous,
        null);
  }

  private static @Nullable Secret variable(String variable) {
    String value = System.getenv(variable);
    return value == null || value.isBlank() ? null : Secret.of(value);
  }

  /** The server's URL, as far as it is known. */
  URI url() {
    if (endpoint != null) {
      return endpoint;
    }
    Matcher named =
        connectionString == null ? null : BLOB_ENDPOINT.matcher(connectionString.reveal());
    try {
      if (named != null && named.find()) {
        return new URI(named.group(1).strip());
      }
    } catch (URISyntaxException e) {
      // the SDK refuses it
    }
    return URI.create("https://blob.core.windows.net");
  }

  /** The server, for messages; without the account's name, which is secret. */
  String describe() {
    return endpoint == null ? "Azure" : endpoint.toString();
  }

  Credential credential() {
    if (connectionString != null) {
      return Credential.CONNECTION_STRING;
    } else if (key != null) {
      return Credential.KEY;
    } else if (sasToken != null) {
      return Credential.SAS_TOKEN;
    } else if (clientSecret != null) {
      return Credential.CLIENT_SECRET;
    }
    return anonymous ? Credential.NONE : Credential.FOUND;
  }

  /**
   * Whether requests are signed by a shared access signature that has expired by this machine's
   * clock. Servers report that in different ways.
   */
  boolean signatureHasExpired() {
    Secret signature = connectionString == null ? sasToken : connectionString;
    if (signature == null || (connectionString == null && key != null)) {
      return false;
    }
    Matcher expiry = EXPIRY.matcher(signature.reveal());
    if (!expiry.find()) {
      return false;
    }
    try {
      String time = URLDecoder.decode(expiry.group(1), StandardCharsets.UTF_8);
      Instant end =
          time.contains("T")
              ? OffsetDateTime.parse(time).toInstant()
              : LocalDate.parse(time).atStartOfDay().toInstant(ZoneOffset.UTC);
      return end.isBefore(Instant.now());
    } catch (DateTimeParseException | IllegalArgumentException e) {
      return false; // the server knows better
    }
  }

  /** How requests are signed. */
  enum Credential {
    CONNECTION_STRING("check azure_storage_connection_string"),
    KEY("check azure_storage_account_name and azure_storage_account_key"),
    SAS_TOKEN("get a new azure_storage_sas_token"),
    CLIENT_SECRET(
        "check azure_storage_tenant_id, azure_storage_client_id and azure_storage_client_secret"),
    FOUND(
        "sign in with the Azure CLI, configure Azure's SDK in the environment, or set a credential"),
    NONE("set a credential, or set azure_storage_anon to false");

    private final String remedy;

    Credential(String remedy) {
      this.remedy = remedy;
    }

    /** What to do if it is rejected. */
    String remedy() {
      return remedy;
    }
  }
}
