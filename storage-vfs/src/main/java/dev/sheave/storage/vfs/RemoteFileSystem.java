package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.SecretMap;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.transfer.ObjectSource;
import dev.sheave.storage.transfer.RelativePath;
import org.jspecify.annotations.Nullable;

/**
 * Storage below a base path on an SFTP or WebDAV server; on HTTP servers and in zip archives it can
 * only be read.
 *
 * <p>The scheme of the base path says which:
 *
 * <ul>
 *   <li>{@code sftp://host/path}, with a password or a private key; {@code ~/} at the path's start
 *       is the user's home. The server's key must be known.
 *   <li>{@code webdav://host/path}, and {@code webdavs://} with TLS
 *   <li>{@code http://host/path} and {@code https://}: single files, and trees that Sheave put
 *       there by another way, which it finds by their manifests, since HTTP has no listings
 *   <li>{@code zip:file:///archive.zip!/path}, {@code jar:} alike; the archive may lie on a server,
 *       too: {@code zip:https://host/archive.zip}
 * </ul>
 *
 * <p>No path leads out of the base path. Neither does a link on an SFTP server, if the server
 * resolves paths (OpenSSH does). An archive that would grow to more than 100 times its size, and to
 * more than 64 MiB, isn't unpacked.
 *
 * <p>The settings, all of them optional, are for:
 *
 * <ul>
 *   <li>all: {@code username}, {@code password}
 *   <li>SFTP: {@code private_key} (its text) or {@code key_filename}, {@code passphrase} of the
 *       key, {@code known_hosts} (lines of such a file) or {@code known_hosts_filename}, {@code
 *       port}. By default the keys and known hosts are those in {@code ~/.ssh}.
 *   <li>TLS: {@code ca_certificates} (PEM) that are trusted instead of the system's
 * </ul>
 */
@BlockType(
    slug = "remote-file-system",
    name = "Remote File System",
    description =
        "Store data as a file on an SFTP or WebDAV server; read it from HTTP or zip archives.",
    logo = "logos/remote-file-system.svg",
    documentationUrl = "https://sheave.dev/docs/storage#remote-file-system",
    codeExample =
        """
        ```java
        RemoteFileSystem storage = Block.load("remote-file-system/BLOCK_NAME", RemoteFileSystem.class);
        ```""")
public final class RemoteFileSystem extends ObjectStorage {
  private final String basepath;
  private final SecretMap settings;

  private final RemoteLocation location;

  RemoteFileSystem(
      @BlockField(
              description =
                  "The address, with a scheme: sftp, webdav, webdavs, http, https, zip or jar.",
              placeholder = "sftp://my-host/my/folder")
          String basepath,
      @BlockField(
              description =
                  "The settings of the connection: username, password, private_key, known_hosts and so on.")
          @Nullable SecretMap settings) {
    this.basepath = basepath;
    this.settings = settings == null ? SecretMap.EMPTY : RemoteSettings.withAbsoluteFiles(settings);
    this.location = RemoteLocation.parse(basepath);
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
  public RemoteFileSystem save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public RemoteFileSystem save(String name, SaveMode mode) {
    return (RemoteFileSystem) super.save(name, mode);
  }

  /** The address, as given. */
  public String basepath() {
    return basepath;
  }

  /** The settings of the connection. */
  public SecretMap settings() {
    return settings;
  }

  @Override
  public String location(RelativePath path) {
    return location.of(path);
  }

  /** Reads a file by its path; it may also start with this storage's base path. */
  @Override
  public byte[] readPath(String path) {
    return readPath(relative(path));
  }

  /** Writes a file by its path; it may also start with this storage's base path. */
  @Override
  public String writePath(String path, byte[] content) {
    return writePath(relative(path), content);
  }

  private RelativePath relative(String path) {
    if (!path.contains("://")) {
      return RelativePath.of(path);
    }
    String base = location.of(RelativePath.ROOT);
    if (path.equals(base) || path.startsWith(base + "/")) {
      return RelativePath.of(path.substring(base.length()));
    }
    throw new SheaveException(
        Code.INVALID,
        "The path '"
            + RemoteLocation.withoutUser(path)
            + "' is outside the base path '"
            + base
            + "'.");
  }

  @Override
  protected ObjectSource openStore() {
    RemoteSettings read = RemoteSettings.read(settings, location);
    return switch (location.scheme()) {
      case SFTP -> new SftpObjectStore(location, SftpPool.borrow(location, read));
      case WEBDAV, WEBDAVS -> new DavObjectStore(location, HttpConnections.borrow(location, read));
      case HTTP, HTTPS -> new HttpSource(location, HttpConnections.borrow(location, read));
      case ZIP, JAR -> new ZipSource(location, read);
    };
  }

  /** Builds one. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<RemoteFileSystem> {
    private @Nullable String basepath;
    private SecretMap settings = SecretMap.EMPTY;

    private Builder(@Nullable RemoteFileSystem original) {
      super(original);
      if (original != null) {
        this.basepath = original.basepath;
        this.settings = original.settings;
      }
    }

    /** The address: {@code sftp://my-host/my/folder}. Required. */
    public Builder basepath(String value) {
      this.basepath = value;
      return this;
    }

    /** The settings of the connection; see {@link RemoteFileSystem}. */
    public Builder settings(SecretMap value) {
      this.settings = value;
      return this;
    }

    @Override
    protected RemoteFileSystem create() {
      return new RemoteFileSystem(required(basepath, "basepath"), settings);
    }
  }
}
