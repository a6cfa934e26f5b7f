package dev.sheave.storage.github;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField;
import dev.sheave.block.BlockType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.TrustedCertificates;
import dev.sheave.storage.transfer.DirectoryTransfer;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferSummary;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Read-only storage in a Git repository, on GitHub or any other host, to fetch flow code from.
 *
 * <p>A commit's files are fetched without its history and cached in {@code SHEAVE_HOME/cache/git}.
 * For a cached commit, one request is sent to the host. A link in the repository becomes a copy of
 * its target. A link that leads out of the repository is refused, and so are names that git or a
 * device uses. Hooks and filters of a repository are never run.
 */
@BlockType(
    slug = "github",
    name = "GitHub",
    description = "Fetch flow code from a Git repository, on GitHub or any other host.",
    logo = "logos/github.svg",
    documentationUrl = "https://sheave.dev/docs/storage#github",
    codeExample =
        """
        ```java
        GitHub storage = Block.load("github/BLOCK_NAME", GitHub.class);
        ```""")
public final class GitHub extends Block implements ReadableStorage {
  private final String repository;
  private final @Nullable String reference;
  private final @Nullable Secret accessToken;
  private final boolean includeGitObjects;
  private final @Nullable String username;
  private final @Nullable Secret deployKey;
  private final @Nullable String knownHosts;
  private final @Nullable String caCertificate;
  private final boolean includeSubmodules;
  private final boolean includeLfsObjects;

  private final RepositoryAddress address;
  private final GitAccess access;

  GitHub(
      @BlockField(
              description =
                  "The HTTPS or SSH address of the repository, on GitHub, GitLab or any other host.",
              placeholder = "https://github.com/organization/name")
          String repository,
      @BlockField(
              description =
                  "A branch, a tag, or a full commit id; by default the repository's default"
                      + " branch.",
              placeholder = "main")
          @Nullable String reference,
      @BlockField(
              description =
                  "An access token that is allowed to read the repository. It is sent over HTTPS only.")
          @Nullable Secret accessToken,
      @BlockField(
              description =
                  "Whether a fetched directory gets a .git with the commit. A path below the"
                      + " repository never gets one.",
              defaultValue = "true")
          boolean includeGitObjects,
      @BlockField(
              description =
                  "The user name for the token, if the host checks it (GitLab's deploy tokens,"
                      + " Bitbucket).",
              placeholder = "x-access-token")
          @Nullable String username,
      @BlockField(
              description =
                  "An SSH private key without a passphrase that is allowed to read the repository;"
                      + " by default the keys of the machine's user.",
              placeholder = "-----BEGIN OPENSSH PRIVATE KEY-----…")
          @Nullable Secret deployKey,
      @BlockField(
              description =
                  "The keys of the SSH host, as lines of a known_hosts file; by default those of"
                      + " the machine's user.",
              placeholder = "github.com ssh-ed25519 AAAA…")
          @Nullable String knownHosts,
      @BlockField(
              title = "CA Certificate",
              description =
                  "The certificate, in PEM, of the authority that signed the host's certificate, if"
                      + " Java doesn't trust it.",
              placeholder = "-----BEGIN CERTIFICATE-----…")
          @Nullable String caCertificate,
      @BlockField(
              description =
                  "Whether submodules are fetched too, with the same credentials if they are on"
                      + " the same host.",
              defaultValue = "false")
          boolean includeSubmodules,
      @BlockField(
              title = "Include LFS Objects",
              description = "Whether files in Git LFS are fetched instead of their pointers.",
              defaultValue = "true")
          boolean includeLfsObjects) {
    this.repository = repository;
    this.reference = reference;
    this.accessToken = accessToken;
    this.includeGitObjects = includeGitObjects;
    this.username = username;
    this.deployKey = deployKey;
    this.knownHosts = knownHosts;
    this.caCertificate = caCertificate;
    this.includeSubmodules = includeSubmodules;
    this.includeLfsObjects = includeLfsObjects;
    this.address = RepositoryAddress.parse(repository);
    this.access =
        new GitAccess(
            address,
            blankToNull(username),
            accessToken,
            new SshConnections(deployKey, knownHosts),
            caCertificate == null || caCertificate.isBlank()
                ? null
                : TrustedCertificates.parse(caCertificate, "ca_certificate"));
    checkTogether();
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private void checkTogether() {
    if (accessToken != null && !address.isHttps()) {
      throw new SheaveException(
          Code.INVALID,
          "The access_token is sent over HTTPS only: write the repository as https://HOST/PATH, or"
              + " remove the access_token"
              + (address.isSsh() ? " and set a deploy_key." : "."));
    }
    if (deployKey != null && !address.isSsh()) {
      throw new SheaveException(
          Code.INVALID,
          "The deploy_key is for SSH: write the repository as git@HOST:ORGANIZATION/NAME.git, or"
              + " remove the deploy_key.");
    }
    if (accessToken != null && accessToken.reveal().chars().anyMatch(Character::isISOControl)) {
      throw new SheaveException(
          Code.INVALID,
          "The access_token must not contain a line break or another control character.");
    }
    String wanted = blankToNull(reference);
    if (wanted != null && !Repository.isValidRefName("refs/heads/" + wanted)) {
      throw new SheaveException(
          Code.INVALID,
          "The reference '"
              + wanted.replaceAll("\\p{Cntrl}", "\u240a")
              + "' isn't a valid name of a branch, a tag or a commit.");
    }
    access.ssh().check();
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
  public GitHub save(String name) {
    return save(name, SaveMode.CREATE);
  }

  @Override
  public GitHub save(String name, SaveMode mode) {
    return (GitHub) super.save(name, mode);
  }

  /** The address of the repository, as given. */
  public String repository() {
    return repository;
  }

  /** The branch, tag or commit; empty for the repository's default branch. */
  public Optional<String> reference() {
    return Optional.ofNullable(reference);
  }

  /** The token that is allowed to read the repository. */
  public Optional<Secret> accessToken() {
    return Optional.ofNullable(accessToken);
  }

  /** Whether the directory that is fetched gets a {@code .git}. */
  public boolean includeGitObjects() {
    return includeGitObjects;
  }

  /** The user name for the token. */
  public Optional<String> username() {
    return Optional.ofNullable(username);
  }

  /** The private key that is allowed to read the repository over SSH. */
  public Optional<Secret> deployKey() {
    return Optional.ofNullable(deployKey);
  }

  /** The keys of the SSH host, as lines of a {@code known_hosts} file. */
  public Optional<String> knownHosts() {
    return Optional.ofNullable(knownHosts);
  }

  /** The certificate, in PEM, of the authority that signed the host's certificate. */
  public Optional<String> caCertificate() {
    return Optional.ofNullable(caCertificate);
  }

  /** Whether submodules are fetched too. */
  public boolean includeSubmodules() {
    return includeSubmodules;
  }

  /** Whether files in Git LFS are fetched instead of their pointers. */
  public boolean includeLfsObjects() {
    return includeLfsObjects;
  }

  @Override
  public String location(RelativePath path) {
    String wanted = blankToNull(reference);
    String location = address + (wanted == null ? "" : "@" + wanted);
    return path.isRoot() ? location : location + "/" + path;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each call asks the host again for the commit of the reference.
   *
   * @throws SheaveException {@code NOT_FOUND} if the repository, the reference, the path or an LFS
   *     object is missing; {@code PERMISSION_DENIED} if the host refuses; {@code UNAVAILABLE} if it
   *     doesn't answer, or isn't trusted; {@code INVALID} if a name there can't be a file here
   */
  @Override
  public TransferSummary getDirectory(RelativePath from, Path directory, TransferOptions options) {
    return getDirectory(from, directory, options, GitCache.ofUser());
  }

  TransferSummary getDirectory(
      RelativePath from, Path directory, TransferOptions options, GitCache cache) {
    return Bounds.guard(location(from), () -> fetch(from, directory, options, cache));
  }

  private TransferSummary fetch(
      RelativePath from, Path directory, TransferOptions options, GitCache cache) {
    GitHost host = new GitHost(access, cache);
    GitHost.Fetched commit = host.fetch(address, blankToNull(reference));
    try (GitTreeSource store =
        new GitTreeSource(
            host,
            commit,
            location(RelativePath.ROOT),
            includeSubmodules,
            includeLfsObjects,
            options.listener())) {
      TransferSummary summary = new DirectoryTransfer(store).get(from, directory, options);
      if (includeGitObjects && from.isRoot()) {
        new GitObjects(commit).writeTo(directory, options.listener());
      }
      return summary;
    }
  }

  /** Builds one. Not safe for use by several threads. */
  public static final class Builder extends Block.Builder<GitHub> {
    private @Nullable String repository;
    private @Nullable String reference;
    private @Nullable Secret accessToken;
    private boolean includeGitObjects = true;
    private @Nullable String username;
    private @Nullable Secret deployKey;
    private @Nullable String knownHosts;
    private @Nullable String caCertificate;
    private boolean includeSubmodules;
    private boolean includeLfsObjects = true;

    private Builder(@Nullable GitHub original) {
      super(original);
      if (original != null) {
        this.repository = original.repository;
        this.reference = original.reference;
        this.accessToken = original.accessToken;
        this.includeGitObjects = original.includeGitObjects;
        this.username = original.username;
        this.deployKey = original.deployKey;
        this.knownHosts = original.knownHosts;
        this.caCertificate = original.caCertificate;
        this.includeSubmodules = original.includeSubmodules;
        this.includeLfsObjects = original.includeLfsObjects;
      }
    }

    /** The address of the repository: {@code https://github.com/organization/name}. Required. */
    public Builder repository(String value) {
      this.repository = value;
      return this;
    }

    /** A branch, a tag, or a full commit id; by default the repository's default branch. */
    public Builder reference(@Nullable String value) {
      this.reference = value;
      return this;
    }

    /** A token that is allowed to read the repository; it is sent over HTTPS only. */
    public Builder accessToken(@Nullable Secret value) {
      this.accessToken = value;
      return this;
    }

    /** Whether the directory that is fetched gets a {@code .git}, which is the default. */
    public Builder includeGitObjects(boolean value) {
      this.includeGitObjects = value;
      return this;
    }

    /** The user name for the token; few hosts check it. */
    public Builder username(@Nullable String value) {
      this.username = value;
      return this;
    }

    /** An SSH private key, without a passphrase, that is allowed to read the repository. */
    public Builder deployKey(@Nullable Secret value) {
      this.deployKey = value;
      return this;
    }

    /** The keys of the SSH host, as lines of a {@code known_hosts} file. */
    public Builder knownHosts(@Nullable String value) {
      this.knownHosts = value;
      return this;
    }

    /** The certificate, in PEM, of the authority that signed the host's certificate. */
    public Builder caCertificate(@Nullable String value) {
      this.caCertificate = value;
      return this;
    }

    /** Whether submodules are fetched too; by default they are left out. */
    public Builder includeSubmodules(boolean value) {
      this.includeSubmodules = value;
      return this;
    }

    /** Whether files in Git LFS are fetched instead of their pointers, which is the default. */
    public Builder includeLfsObjects(boolean value) {
      this.includeLfsObjects = value;
      return this;
    }

    @Override
    protected GitHub create() {
      return new GitHub(
          required(repository, "repository"),
          reference,
          accessToken,
          includeGitObjects,
          username,
          deployKey,
          knownHosts,
          caCertificate,
          includeSubmodules,
          includeLfsObjects);
    }
  }
}
