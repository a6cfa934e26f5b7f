package dev.sheave.storage.smb;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Storage on a share of a Windows or Samba server, by version 2 or 3 of the protocol.
 *
 * <p>Without a user name it logs in anonymously.
 */
@BlockType(
    slug = "smb",
    name = "SMB",
    description = "Store data as a file on a SMB share.",
    logo = "logos/smb.svg",
    documentationUrl = "https://sheave.dev/docs/storage#smb",
    codeExample =
        """
        ```java
        SMB storage = Block.load("smb/BLOCK_NAME", SMB.class);
        ```""")
public final class SMB extends ObjectStorage {
  /** The default port. */
  public static final int DEFAULT_PORT = 445;

  private final String sharePath;
  private final @Nullable Secret smbUsername;
  private final @Nullable Secret smbPassword;
  private final String smbHost;
  private final @Nullable Integer smbPort;
  private final @Nullable String smbDomain;
  private final @Nullable Boolean smbSigning;

  private final SmbLocation location;

  SMB(
      @BlockField(
              description = "The share, optionally followed by a folder.",
              placeholder = "/SHARE/dir/subdir")
          String sharePath,
      @BlockField(
              title = "SMB Username",
              description = "The name of the user; by default an anonymous login.")
          @Nullable Secret smbUsername,
      @BlockField(title = "SMB Password", description = "The password of the user.")
          @Nullable Secret smbPassword,
      @BlockField(
              title = "SMB server/hostname",
              description = "The name or address of the server.",
              placeholder = "files.example.com")
          String smbHost,
      @BlockField(title = "SMB port", description = "The port of the server; by default 445.")
          @Nullable Integer smbPort,
      @BlockField(
              title = "SMB Domain",
              description = "The domain or workgroup of the user, if it isn't the server's own.",
              placeholder = "EXAMPLE")
          @Nullable String smbDomain,
      @BlockField(
              title = "SMB Signing",
              description = "Whether all messages must be signed; by default the server decides.")
          @Nullable Boolean smbSigning) {
    this.sharePath = sharePath;
    this.smbUsername = smbUsername;
    this.smbPassword = smbPassword;
    this.smbHost = smbHost;
    this.smbPort = smbPort;
    this.smbDomain = smbDomain;
    this.smbSigning = smbSigning;
    this.location = SmbLocation.parse(smbHost, smbPort == null ? DEFAULT_PORT : smbPort, sharePath);
    if (smbPassword != null && smbUsername == null) {
      throw new SheaveException(Code.INVALID, "'smb_password' requires 'smb_username'.");
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
  public SMB save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public SMB save(String name, SaveMode mode) {
    return (SMB) super.save(name, mode);
  }

  /** The share and the folder in it, as given. */
  public String sharePath() {
    return sharePath;
  }

  /** The name of the user. */
  public Optional<Secret> smbUsername() {
    return Optional.ofNullable(smbUsername);
  }

  /** The password of the user. */
  public Optional<Secret> smbPassword() {
    return Optional.ofNullable(smbPassword);
  }

  /** The server. */
  public String smbHost() {
    return smbHost;
  }

  /** The port of the server, if it was given. */
  public Optional<Integer> smbPort() {
    return Optional.ofNullable(smbPort);
  }

  /** The domain of the user. */
  public Optional<String> smbDomain() {
    return Optional.ofNullable(smbDomain);
  }

  /** Whether all messages must be signed; empty if the server decides. */
  public Optional<Boolean> smbSigning() {
    return Optional.ofNullable(smbSigning);
  }

  @Override
  public String location(RelativePath path) {
    return location.of(path);
  }

  @Override
  protected ObjectStore openStore() {
    SmbConnections.Settings settings =
        new SmbConnections.Settings(
            smbUsername, smbPassword, smbDomain, Boolean.TRUE.equals(smbSigning));
    return new SmbObjectStore(location, SmbConnections.borrow(settings));
  }

  /** Builds one. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<SMB> {
    private @Nullable String sharePath;
    private @Nullable Secret smbUsername;
    private @Nullable Secret smbPassword;
    private @Nullable String smbHost;
    private @Nullable Integer smbPort;
    private @Nullable String smbDomain;
    private @Nullable Boolean smbSigning;

    private Builder(@Nullable SMB original) {
      super(original);
      if (original != null) {
        this.sharePath = original.sharePath;
        this.smbUsername = original.smbUsername;
        this.smbPassword = original.smbPassword;
        this.smbHost = original.smbHost;
        this.smbPort = original.smbPort;
        this.smbDomain = original.smbDomain;
        this.smbSigning = original.smbSigning;
      }
    }

    /** The share, optionally followed by a folder; slashes at either end don't matter. Required. */
    public Builder sharePath(String value) {
      this.sharePath = value;
      return this;
    }

    /** The name of the user. */
    public Builder smbUsername(@Nullable Secret value) {
      this.smbUsername = value;
      return this;
    }

    /** The password of the user. */
    public Builder smbPassword(@Nullable Secret value) {
      this.smbPassword = value;
      return this;
    }

    /** The name or address of the server. Required. */
    public Builder smbHost(String value) {
      this.smbHost = value;
      return this;
    }

    /** The port of the server; by default {@value #DEFAULT_PORT}. */
    public Builder smbPort(@Nullable Integer value) {
      this.smbPort = value;
      return this;
    }

    /** The domain or workgroup of the user, if it isn't the server's own. */
    public Builder smbDomain(@Nullable String value) {
      this.smbDomain = value;
      return this;
    }

    /** Whether all messages must be signed; by default the server decides. */
    public Builder smbSigning(@Nullable Boolean value) {
      this.smbSigning = value;
      return this;
    }

    @Override
    protected SMB create() {
      return new SMB(
          required(sharePath, "share_path"),
          smbUsername,
          smbPassword,
          required(smbHost, "smb_host"),
          smbPort,
          smbDomain,
          smbSigning);
    }
  }
}
