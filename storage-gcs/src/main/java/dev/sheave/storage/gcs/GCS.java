package dev.sheave.storage.gcs;

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
 * Storage in a bucket of Google Cloud Storage.
 *
 * <p>Without a service account, Google's library looks for a credential: in the file that {@code
 * GOOGLE_APPLICATION_CREDENTIALS} names, the Google Cloud CLI, the machine. If it finds none, or
 * the server isn't Google's, the bucket is accessed anonymously.
 */
@BlockType(
    slug = "gcs",
    name = "GCS",
    description = "Store data as a file on Google Cloud Storage.",
    logo = "logos/gcs.svg",
    documentationUrl = "https://sheave.dev/docs/storage#gcs",
    codeExample =
        """
        ```java
        GCS storage = Block.load("gcs/BLOCK_NAME", GCS.class);
        ```""")
public final class GCS extends ObjectStorage {
  private final String bucketPath;
  private final @Nullable Secret serviceAccountInfo;
  private final @Nullable String project;
  private final @Nullable String endpointUrl;

  private final BucketLocation location;
  private final GcsAccount account;

  GCS(
      @BlockField(
              description = "A GCS bucket path: the bucket, optionally followed by a folder.",
              placeholder = "my-bucket/a-directory-within")
          String bucketPath,
      @BlockField(
              description =
                  "The content of a service account's key file, as a JSON string; by default Google's"
                      + " library looks for a credential.",
              placeholder = "{\"type\": \"service_account\", …}")
          @Nullable Secret serviceAccountInfo,
      @BlockField(
              description = "The project that is billed for requests, if it isn't the bucket's.",
              placeholder = "my-project")
          @Nullable String project,
      @BlockField(
              title = "Endpoint URL",
              description = "The URL of the server, if it isn't Google's.",
              placeholder = "http://localhost:4443")
          @Nullable String endpointUrl) {
    this.bucketPath = bucketPath;
    this.serviceAccountInfo = serviceAccountInfo;
    this.project = project;
    this.endpointUrl = endpointUrl;
    new FieldChecks()
        .check("bucket_path", () -> place(bucketPath))
        .check("endpoint_url", () -> Endpoint.parse(endpointUrl))
        .throwIfAny();
    this.location = place(bucketPath);
    this.account =
        new GcsAccount(
            serviceAccountInfo,
            project == null || project.isBlank() ? null : project.strip(),
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
  public GCS save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public GCS save(String name, SaveMode mode) {
    return (GCS) super.save(name, mode);
  }

  /** The bucket and the folder in it, as given. */
  public String bucketPath() {
    return bucketPath;
  }

  /** The JSON of a service account's key. */
  public Optional<Secret> serviceAccountInfo() {
    return Optional.ofNullable(serviceAccountInfo);
  }

  /** The project that is billed, if it isn't the bucket's. */
  public Optional<String> project() {
    return Optional.ofNullable(project);
  }

  /** The URL of the server, if it isn't Google's. */
  public Optional<String> endpointUrl() {
    return Optional.ofNullable(endpointUrl);
  }

  @Override
  public String location(RelativePath path) {
    return location.of(path);
  }

  static BucketLocation place(String bucketPath) {
    return BucketLocation.parse(bucketPath, "bucket", "set service_account_info", "gcs", "gs");
  }

  @Override
  protected ObjectStore openStore() {
    return new GcsObjectStore(account, location);
  }

  /** Builds one. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<GCS> {
    private @Nullable String bucketPath;
    private @Nullable Secret serviceAccountInfo;
    private @Nullable String project;
    private @Nullable String endpointUrl;

    private Builder(@Nullable GCS original) {
      super(original);
      if (original != null) {
        this.bucketPath = original.bucketPath;
        this.serviceAccountInfo = original.serviceAccountInfo;
        this.project = original.project;
        this.endpointUrl = original.endpointUrl;
      }
    }

    /**
     * The bucket, optionally followed by a folder; slashes at either end don't matter. Required.
     */
    public Builder bucketPath(String value) {
      this.bucketPath = value;
      return this;
    }

    /** The JSON of a service account's key. */
    public Builder serviceAccountInfo(@Nullable Secret value) {
      this.serviceAccountInfo = value;
      return this;
    }

    /** The project that is billed for requests; by default the bucket's. */
    public Builder project(@Nullable String value) {
      this.project = value;
      return this;
    }

    /** The URL of the server, if it isn't Google's: {@code http://localhost:4443}. */
    public Builder endpointUrl(@Nullable String value) {
      this.endpointUrl = value;
      return this;
    }

    @Override
    protected GCS create() {
      return new GCS(required(bucketPath, "bucket_path"), serviceAccountInfo, project, endpointUrl);
    }
  }
}
