package dev.sheave.storage.s3;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
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
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Storage in a bucket of AWS S3, or of a server that speaks its protocol.
 *
 * <p>Without keys, the credentials are those of the named profile. Without a profile, the AWS SDK
 * looks for them: in the environment, a web identity, the shared files, the container or the
 * machine.
 */
@BlockType(
    slug = "s3",
    name = "S3",
    description = "Store data as a file on AWS S3.",
    logo = "logos/s3.svg",
    documentationUrl = "https://sheave.dev/docs/storage#s3",
    codeExample =
        """
        ```java
        S3 storage = Block.load("s3/BLOCK_NAME", S3.class);
        ```""")
public final class S3 extends ObjectStorage {
  private final String bucketPath;
  private final @Nullable Secret awsAccessKeyId;
  private final @Nullable Secret awsSecretAccessKey;
  private final @Nullable Secret awsSessionToken;
  private final @Nullable String profileName;
  private final @Nullable String regionName;
  private final @Nullable String endpointUrl;
  private final @Nullable Boolean pathStyle;

  private final BucketLocation location;
  private final @Nullable URI endpoint;

  S3(
      @BlockField(
              description = "An S3 bucket path: the bucket, optionally followed by a folder.",
              placeholder = "my-bucket/a-directory-within")
          String bucketPath,
      @BlockField(
              title = "AWS Access Key ID",
              description = "Equivalent to the AWS_ACCESS_KEY_ID environment variable.",
              placeholder = "AKIAIOSFODNN7EXAMPLE")
          @Nullable Secret awsAccessKeyId,
      @BlockField(
              title = "AWS Secret Access Key",
              description = "Equivalent to the AWS_SECRET_ACCESS_KEY environment variable.",
              placeholder = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
          @Nullable Secret awsSecretAccessKey,
      @BlockField(
              title = "AWS Session Token",
              description =
                  "The session token of temporary keys; equivalent to the AWS_SESSION_TOKEN environment"
                      + " variable.")
          @Nullable Secret awsSessionToken,
      @BlockField(
              description =
                  "A profile in the shared AWS files of the machine that uses the block, instead of keys.",
              placeholder = "default")
          @Nullable String profileName,
      @BlockField(
              description =
                  "The region; by default that of the environment or the profile, else us-east-1.",
              placeholder = "eu-central-1")
          @Nullable String regionName,
      @BlockField(
              title = "Endpoint URL",
              description = "The URL of the server, if it isn't AWS.",
              placeholder = "http://localhost:9000")
          @Nullable String endpointUrl,
      @BlockField(
              description =
                  "Whether the bucket is named in the path instead of the host; by default yes if an"
                      + " endpoint URL is set.")
          @Nullable Boolean pathStyle) {
    this.bucketPath = bucketPath;
    this.awsAccessKeyId = awsAccessKeyId;
    this.awsSecretAccessKey = awsSecretAccessKey;
    this.awsSessionToken = awsSessionToken;
    this.profileName = profileName;
    this.regionName = regionName;
    this.endpointUrl = endpointUrl;
    this.pathStyle = pathStyle;
    new FieldChecks()
        .check("bucket_path", () -> place(bucketPath))
        .check("endpoint_url", () -> Endpoint.parse(endpointUrl))
        .check("", this::checkKeys)
        .throwIfAny();
    this.location = place(bucketPath);
    this.endpoint = Endpoint.parse(endpointUrl);
  }

  private void checkKeys() {
    if ((awsAccessKeyId == null) != (awsSecretAccessKey == null)) {
      throw new SheaveException(
          Code.INVALID, "'aws_access_key_id' and 'aws_secret_access_key' must be given together.");
    }
    refuseBlank(awsAccessKeyId, awsSecretAccessKey);
    if (awsSessionToken != null && awsAccessKeyId == null) {
      throw new SheaveException(
          Code.INVALID,
          "'aws_session_token' requires 'aws_access_key_id' and 'aws_secret_access_key'.");
    }
    if (awsSessionToken != null && awsSessionToken.reveal().isBlank()) {
      throw new SheaveException(
          Code.INVALID, "'aws_session_token' is empty: set it, or clear it for lasting keys.");
    }
    if (profileName != null && awsAccessKeyId != null) {
      throw new SheaveException(Code.INVALID, "Set either the keys or 'profile_name', not both.");
    }
  }

  /** As they are if a variable that they refer to is set to nothing. */
  private static void refuseBlank(@Nullable Secret id, @Nullable Secret secret) {
    boolean noId = id != null && id.reveal().isBlank();
    boolean noSecret = secret != null && secret.reveal().isBlank();
    if (noId || noSecret) {
      String empty =
          noId && noSecret
              ? "'aws_access_key_id' and 'aws_secret_access_key' are"
              : noId ? "'aws_access_key_id' is" : "'aws_secret_access_key' is";
      throw new SheaveException(
          Code.INVALID,
          empty + " empty: set both, or clear both to use the SDK's default credentials.");
    }
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
  public S3 save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public S3 save(String name, SaveMode mode) {
    return (S3) super.save(name, mode);
  }

  /** The bucket and the folder in it, as given. */
  public String bucketPath() {
    return bucketPath;
  }

  /** The id of the access key. */
  public Optional<Secret> awsAccessKeyId() {
    return Optional.ofNullable(awsAccessKeyId);
  }

  /** The access key's secret. */
  public Optional<Secret> awsSecretAccessKey() {
    return Optional.ofNullable(awsSecretAccessKey);
  }

  /** The session token of temporary keys. */
  public Optional<Secret> awsSessionToken() {
    return Optional.ofNullable(awsSessionToken);
  }

  /** The profile whose credentials are used. */
  public Optional<String> profileName() {
    return Optional.ofNullable(profileName);
  }

  /** The region. */
  public Optional<String> regionName() {
    return Optional.ofNullable(regionName);
  }

  /** The URL of the server, if it isn't AWS. */
  public Optional<String> endpointUrl() {
    return Optional.ofNullable(endpointUrl);
  }

  /** Whether the bucket is named in the path; empty for the default. */
  public Optional<Boolean> pathStyle() {
    return Optional.ofNullable(pathStyle);
  }

  @Override
  public String location(RelativePath path) {
    return location.of(path);
  }

  static BucketLocation place(String bucketPath) {
    return BucketLocation.parse(
        bucketPath, "bucket", "set aws_access_key_id and aws_secret_access_key", "s3", "s3");
  }

  @Override
  protected ObjectStore openStore() {
    S3Clients.Settings settings =
        new S3Clients.Settings(
            awsAccessKeyId,
            awsSecretAccessKey,
            awsSessionToken,
            profileName,
            regionName,
            endpoint,
            pathStyle);
    return new S3ObjectStore(settings, location);
  }

  /** Builds one. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<S3> {
    private @Nullable String bucketPath;
    private @Nullable Secret awsAccessKeyId;
    private @Nullable Secret awsSecretAccessKey;
    private @Nullable Secret awsSessionToken;
    private @Nullable String profileName;
    private @Nullable String regionName;
    private @Nullable String endpointUrl;
    private @Nullable Boolean pathStyle;

    private Builder(@Nullable S3 original) {
      super(original);
      if (original != null) {
        this.bucketPath = original.bucketPath;
        this.awsAccessKeyId = original.awsAccessKeyId;
        this.awsSecretAccessKey = original.awsSecretAccessKey;
        this.awsSessionToken = original.awsSessionToken;
        this.profileName = original.profileName;
        this.regionName = original.regionName;
        this.endpointUrl = original.endpointUrl;
        this.pathStyle = original.pathStyle;
      }
    }

    /**
     * The bucket, optionally followed by a folder; slashes at either end don't matter. Required.
     */
    public Builder bucketPath(String value) {
      this.bucketPath = value;
      return this;
    }

    /** The id of the access key. */
    public Builder awsAccessKeyId(@Nullable Secret value) {
      this.awsAccessKeyId = value;
      return this;
    }

    /** The access key's secret. */
    public Builder awsSecretAccessKey(@Nullable Secret value) {
      this.awsSecretAccessKey = value;
      return this;
    }

    /** The session token of temporary keys. */
    public Builder awsSessionToken(@Nullable Secret value) {
      this.awsSessionToken = value;
      return this;
    }

    /** A profile in the shared AWS files, instead of keys. */
    public Builder profileName(@Nullable String value) {
      this.profileName = value;
      return this;
    }

    /** The region; by default that of the environment or the profile, else {@code us-east-1}. */
    public Builder regionName(@Nullable String value) {
      this.regionName = value;
      return this;
    }

    /** The URL of the server, if it isn't AWS: {@code http://localhost:9000}. */
    public Builder endpointUrl(@Nullable String value) {
      this.endpointUrl = value;
      return this;
    }

    /** Whether the bucket is named in the path; by default if an endpoint URL is set. */
    public Builder pathStyle(@Nullable Boolean value) {
      this.pathStyle = value;
      return this;
    }

    @Override
    protected S3 create() {
      return new S3(
          required(bucketPath, "bucket_path"),
          awsAccessKeyId,
          awsSecretAccessKey,
          awsSessionToken,
          profileName,
          regionName,
          endpointUrl,
          pathStyle);
    }
  }
}
