package dev.sheave.storage.azure;

import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.FieldChecks;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.storage.net.Endpoint;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Storage in a container of Azure Blob Storage.
 *
 * <p>Of several credentials the first of these is used: a connection string, an account key, a
 * shared access signature, an application's client secret. Without any of them the container is
 * accessed anonymously. If {@code azure_storage_anon} is false, Azure's SDK looks for a credential:
 * in the environment, a workload identity, a managed identity, the Azure command lines. A block
 * that names no account takes the account and its key from the environment variables that Azure's
 * own tools read.
 */
@BlockType(
    slug = "azure",
    name = "Azure",
    description = "Store data as a file on Azure Blob Storage.",
    logo = "logos/azure.svg",
    documentationUrl = "https://sheave.dev/docs/storage#azure",
    codeExample =
        """
        ```java
        Azure storage = Block.load("azure/BLOCK_NAME", Azure.class);
        ```""")
public final class Azure extends ObjectStorage {
  private final String bucketPath;
  private final @Nullable Secret azureStorageConnectionString;
  private final @Nullable Secret azureStorageAccountName;
  private final @Nullable Secret azureStorageAccountKey;
  private final @Nullable Secret azureStorageTenantId;
  private final @Nullable Secret azureStorageClientId;
  private final @Nullable Secret azureStorageClientSecret;
  private final boolean azureStorageAnon;
  private final @Nullable Secret azureStorageSasToken;
  private final @Nullable String endpointUrl;

  private final BucketLocation location;
  private final AzureAccount account;

  Azure(
      @BlockField(
              description =
                  "An Azure storage path: the container, optionally followed by a folder.",
              placeholder = "my-container/a-directory-within")
          String bucketPath,
      @BlockField(
              description =
                  "The connection string that the Azure portal shows for the account; equivalent to the"
                      + " AZURE_STORAGE_CONNECTION_STRING environment variable.")
          @Nullable Secret azureStorageConnectionString,
      @BlockField(
              description = "Equivalent to the AZURE_STORAGE_ACCOUNT_NAME environment variable.")
          @Nullable Secret azureStorageAccountName,
      @BlockField(description = "Equivalent to the AZURE_STORAGE_ACCOUNT_KEY environment variable.")
          @Nullable Secret azureStorageAccountKey,
      @BlockField(
              title = "Azure Storage Tenant ID",
              description = "The tenant of an application that signs in with a client secret.")
          @Nullable Secret azureStorageTenantId,
      @BlockField(
              title = "Azure Storage Client ID",
              description = "The application that signs in with a client secret.")
          @Nullable Secret azureStorageClientId,
      @BlockField(description = "The client secret of the application.")
          @Nullable Secret azureStorageClientSecret,
      @BlockField(
              title = "Azure Storage Anonymous",
              description =
                  "Whether a block without a credential accesses the container anonymously; if false,"
                      + " Azure's SDK looks for a credential in the environment, a managed identity and the"
                      + " Azure command lines.",
              defaultValue = "true")
          boolean azureStorageAnon,
      @BlockField(
              title = "Azure Storage SAS Token",
              description =
                  "A shared access signature for the account or the container; equivalent to the"
                      + " AZURE_STORAGE_SAS_TOKEN environment variable.")
          @Nullable Secret azureStorageSasToken,
      @BlockField(
              title = "Endpoint URL",
              description =
                  "The URL of the account, if it isn't https://ACCOUNT.blob.core.windows.net.",
              placeholder = "http://127.0.0.1:10000/account")
          @Nullable String endpointUrl) {
    this.bucketPath = bucketPath;
    this.azureStorageConnectionString = azureStorageConnectionString;
    this.azureStorageAccountName = azureStorageAccountName;
    this.azureStorageAccountKey = azureStorageAccountKey;
    this.azureStorageTenantId = azureStorageTenantId;
    this.azureStorageClientId = azureStorageClientId;
    this.azureStorageClientSecret = azureStorageClientSecret;
    this.azureStorageAnon = azureStorageAnon;
    this.azureStorageSasToken = azureStorageSasToken;
    this.endpointUrl = endpointUrl;
    new FieldChecks()
        .check("bucket_path", () -> place(bucketPath))
        .check("endpoint_url", () -> Endpoint.parse(endpointUrl))
        .throwIfAny();
    this.location = place(bucketPath);
    this.account =
        new AzureAccount(
            azureStorageConnectionString,
            azureStorageAccountName,
            azureStorageAccountKey,
            azureStorageSasToken,
            azureStorageTenantId,
            azureStorageClientId,
            azureStorageClientSecret,
            azureStorageAnon,
            Endpoint.parse(endpointUrl));
  }

  /** Starts one. */
  public static Builder builder() {
    return new Builder(null);
  }

  /** Starts one with the values of this, which it remembers for {@link SaveMode#OVERWRITE}. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public Azure save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public Azure save(String name, SaveMode mode) {
    return (Azure) super.save(name, mode);
  }

  /** The container and the folder in it, as given. */
  public String bucketPath() {
    return bucketPath;
  }

  /** The connection string, which describes the whole account. */
  public Optional<Secret> azureStorageConnectionString() {
    return Optional.ofNullable(azureStorageConnectionString);
  }

  /** The account's name. */
  public Optional<Secret> azureStorageAccountName() {
    return Optional.ofNullable(azureStorageAccountName);
  }

  /** The account's key. */
  public Optional<Secret> azureStorageAccountKey() {
    return Optional.ofNullable(azureStorageAccountKey);
  }

  /** The directory of the application that signs in. */
  public Optional<Secret> azureStorageTenantId() {
    return Optional.ofNullable(azureStorageTenantId);
  }

  /** The application that signs in. */
  public Optional<Secret> azureStorageClientId() {
    return Optional.ofNullable(azureStorageClientId);
  }

  /** The secret of the application that signs in. */
  public Optional<Secret> azureStorageClientSecret() {
    return Optional.ofNullable(azureStorageClientSecret);
  }

  /** Whether a missing credential means anonymous access; otherwise Azure's SDK looks for one. */
  public boolean azureStorageAnon() {
    return azureStorageAnon;
  }

  /** A shared access signature. */
  public Optional<Secret> azureStorageSasToken() {
    return Optional.ofNullable(azureStorageSasToken);
  }

  /** The URL of the account, if it isn't the default one of its name. */
  public Optional<String> endpointUrl() {
    return Optional.ofNullable(endpointUrl);
  }

  @Override
  public String location(RelativePath path) {
    return location.of(path);
  }

  static BucketLocation place(String bucketPath) {
    return BucketLocation.parse(
        bucketPath,
        "container",
        "set azure_storage_account_name and azure_storage_account_key",
        "az",
        "az");
  }

  @Override
  protected ObjectStore openStore() {
    return new AzureObjectStore(account.orOfEnvironment(), location);
  }

  /** Builds one. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<Azure> {
    private @Nullable String bucketPath;
    private @Nullable Secret azureStorageConnectionString;
    private @Nullable Secret azureStorageAccountName;
    private @Nullable Secret azureStorageAccountKey;
    private @Nullable Secret azureStorageTenantId;
    private @Nullable Secret azureStorageClientId;
    private @Nullable Secret azureStorageClientSecret;
    private boolean azureStorageAnon = true;
    private @Nullable Secret azureStorageSasToken;
    private @Nullable String endpointUrl;

    private Builder(@Nullable Azure original) {
      super(original);
      if (original != null) {
        this.bucketPath = original.bucketPath;
        this.azureStorageConnectionString = original.azureStorageConnectionString;
        this.azureStorageAccountName = original.azureStorageAccountName;
        this.azureStorageAccountKey = original.azureStorageAccountKey;
        this.azureStorageTenantId = original.azureStorageTenantId;
        this.azureStorageClientId = original.azureStorageClientId;
        this.azureStorageClientSecret = original.azureStorageClientSecret;
        this.azureStorageAnon = original.azureStorageAnon;
        this.azureStorageSasToken = original.azureStorageSasToken;
        this.endpointUrl = original.endpointUrl;
      }
    }

    /**
     * The container, optionally followed by a folder; slashes at either end don't matter. Required.
     */
    public Builder bucketPath(String value) {
      this.bucketPath = value;
      return this;
    }

    /** The connection string that the Azure portal shows for the account. */
    public Builder azureStorageConnectionString(@Nullable Secret value) {
      this.azureStorageConnectionString = value;
      return this;
    }

    /** The account's name. */
    public Builder azureStorageAccountName(@Nullable Secret value) {
      this.azureStorageAccountName = value;
      return this;
    }

    /** The account's key, in Base64. */
    public Builder azureStorageAccountKey(@Nullable Secret value) {
      this.azureStorageAccountKey = value;
      return this;
    }

    /** The directory of an application that signs in. */
    public Builder azureStorageTenantId(@Nullable Secret value) {
      this.azureStorageTenantId = value;
      return this;
    }

    /** The application that signs in. */
    public Builder azureStorageClientId(@Nullable Secret value) {
      this.azureStorageClientId = value;
      return this;
    }

    /** The secret of the application that signs in. */
    public Builder azureStorageClientSecret(@Nullable Secret value) {
      this.azureStorageClientSecret = value;
      return this;
    }

    /**
     * Whether a missing credential means anonymous access, which is the default; otherwise Azure's
     * SDK looks for one.
     */
    public Builder azureStorageAnon(boolean value) {
      this.azureStorageAnon = value;
      return this;
    }

    /** A shared access signature for the account or the container. */
    public Builder azureStorageSasToken(@Nullable Secret value) {
      this.azureStorageSasToken = value;
      return this;
    }

    /** The URL of the account: {@code http://127.0.0.1:10000/account}; by default at Azure. */
    public Builder endpointUrl(@Nullable String value) {
      this.endpointUrl = value;
      return this;
    }

    @Override
    protected Azure create() {
      return new Azure(
          required(bucketPath, "bucket_path"),
          azureStorageConnectionString,
          azureStorageAccountName,
          azureStorageAccountKey,
          azureStorageTenantId,
          azureStorageClientId,
          azureStorageClientSecret,
          azureStorageAnon,
          azureStorageSasToken,
          endpointUrl);
    }
  }
}
