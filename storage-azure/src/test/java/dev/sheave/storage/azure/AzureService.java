package dev.sheave.storage.azure;

import dev.sheave.block.Secret;
import dev.sheave.testkit.RequiredService;
import java.util.UUID;

/** The blob server of {@code bin/services start azure}. */
final class AzureService {
  private AzureService() {}

  static String container() {
    return variable("AZURE_CONTAINER");
  }

  static String endpoint() {
    return variable("AZURE_STORAGE_ENDPOINT");
  }

  static Secret accountName() {
    return Secret.of(variable("AZURE_STORAGE_ACCOUNT_NAME"));
  }

  static Secret accountKey() {
    return Secret.of(variable("AZURE_STORAGE_ACCOUNT_KEY"));
  }

  static Secret connectionString() {
    return Secret.of(variable("AZURE_STORAGE_CONNECTION_STRING"));
  }

  /** The account with all rights. */
  static AzureAccount account() {
    return new AzureAccount(connectionString(), null, null, null, null, null, null, true, null);
  }

  /** A block without a credential, at a place that nobody has used. */
  static Azure.Builder place() {
    return Azure.builder().bucketPath(container() + "/tests/" + UUID.randomUUID());
  }

  /** A block at a place that nobody has used. */
  static Azure.Builder block() {
    return place()
        .endpointUrl(endpoint())
        .azureStorageAccountName(accountName())
        .azureStorageAccountKey(accountKey());
  }

  private static String variable(String name) {
    return RequiredService.variable("azure", name);
  }
}
