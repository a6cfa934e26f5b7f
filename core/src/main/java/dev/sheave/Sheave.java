package dev.sheave;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.LogLevel;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.BlockRegistry;
import dev.sheave.block.Blocks;
import dev.sheave.block.Secret;
import dev.sheave.deployment.Deployments;
import dev.sheave.internal.ApiUrl;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.CurrentConnection;
import dev.sheave.internal.MissingModule;
import dev.sheave.internal.Settings;
import dev.sheave.internal.SheaveOnly;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Sheave's records: blocks, deployments and runs.
 *
 * <p>An application that embeds Sheave opens one and closes it:
 *
 * <pre>{@code
 * try (Sheave sheave = Sheave.connect("jdbc:sqlite:/var/lib/app/sheave.db")) {
 *   sheave.blocks().load("s3/log-test");
 * }
 * }</pre>
 *
 * <p>Static methods such as {@code Block.load} use {@link #current()}. Safe for use by several
 * threads.
 */
public final class Sheave implements AutoCloseable {
  /** Of threads that work for a run which shares its process. */
  private static final InheritableThreadLocal<Sheave> OF_THREAD = new InheritableThreadLocal<>();

  private static @Nullable Sheave current;

  static {
    CurrentConnection.install(() -> current()::service);
  }

  private final OrchestrationApi api;
  private final Blocks blocks;
  private final Deployments deployments;
  private final Path home;
  private final @Nullable Secret key;
  private final @Nullable Secret encryptionKey;
  private final Map<String, String> settings;

  private Sheave(
      OrchestrationApi api,
      BlockRegistry registry,
      Path home,
      @Nullable Secret key,
      @Nullable Secret encryptionKey,
      Map<String, String> settings) {
    this.api = api;
    this.blocks = new Blocks(SheaveOnly.PASS, api.blocks(), registry, !api.isServer());
    this.home = home;
    this.deployments = new Deployments(SheaveOnly.PASS, api, blocks, home);
    this.key = key;
    this.encryptionKey = encryptionKey;
    this.settings = settings;
  }

  /**
   * Opens a connection.
   *
   * @param url {@code jdbc:sqlite:FILE}, {@code jdbc:postgresql://USER@HOST:PORT/DATABASE}, or
   *     {@code http(s)://…/api} of a server, to which nothing is sent before the first call
   * @throws SheaveException {@code INVALID} if nothing on the class path supports the URL, {@code
   *     UNAVAILABLE} if it doesn't respond; see {@link OrchestrationProvider#open}
   */
  public static Sheave connect(String url) {
    return builder().url(url).connect();
  }

  /**
   * Starts the settings of a connection. What isn't set is taken from the environment, and, unless
   * a URL is set, from the active profile in the home folder.
   */
  public static Builder builder() {
    return builder(System.getenv());
  }

  /** Starts the settings of a connection as {@link #builder()} does, with another environment. */
  public static Builder builder(Map<String, String> environment) {
    return new Builder(Map.copyOf(Arguments.notNull(environment, "environment")));
  }

  /**
   * Returns the process's connection: what {@link #use} set, else one to {@code SHEAVE_API_URL},
   * else one to {@code PREFECT_API_URL}, else one to that of the profile, else one to the SQLite
   * database in {@code SHEAVE_HOME}. It is opened by the first call. In a flow run that shares its
   * process it is the run's.
   */
  public static Sheave current() {
    Sheave ofThread = OF_THREAD.get();
    return ofThread != null ? ofThread : ofProcess();
  }

  private static synchronized Sheave ofProcess() {
    Sheave connection = current;
    if (connection == null) {
      connection = builder().connect();
      current = connection;
    }
    return connection;
  }

  /** Sets the process's connection. The caller that opened it closes it. */
  public static synchronized void use(Sheave connection) {
    current = Arguments.notNull(connection, "connection");
  }

  /** Does something in whose thread, and those that it starts, this is the connection. */
  public static <T> T callWith(SheaveOnly pass, Sheave connection, Supplier<T> task) {
    Arguments.notNull(pass, "pass");
    Sheave before = OF_THREAD.get();
    OF_THREAD.set(connection);
    try {
      return task.get();
    } finally {
      if (before == null) {
        OF_THREAD.remove();
      } else {
        OF_THREAD.set(before);
      }
    }
  }

  private static synchronized void forget(Sheave connection) {
    if (current != null && current.api == connection.api) {
      current = null;
    }
  }

  /** Blocks as objects. */
  public Blocks blocks() {
    return blocks;
  }

  /** Deployments as objects. */
  public Deployments deployments() {
    return deployments;
  }

  /**
   * Returns this connection for code that has other block types, such as a flow's in a class loader
   * of its own. Closing either closes both.
   */
  public Sheave withBlockTypes(BlockRegistry types) {
    return new Sheave(api, types, home, key, encryptionKey, settings);
  }

  /** The records themselves. */
  public OrchestrationApi api() {
    return api;
  }

  /** The folder with this user's Sheave files. */
  public Path home() {
    return home;
  }

  /**
   * The key that opened the connection, for child processes that open the same.
   *
   * @param pass this is for Sheave alone
   */
  public Optional<Secret> key(SheaveOnly pass) {
    Arguments.notNull(pass, "pass");
    return Optional.ofNullable(key);
  }

  /**
   * The key, or keys, that secrets are encrypted with, for child processes; empty if it is the one
   * in the home folder.
   *
   * @param pass this is for Sheave alone
   */
  public Optional<Secret> encryptionKey(SheaveOnly pass) {
    Arguments.notNull(pass, "pass");
    return Optional.ofNullable(encryptionKey);
  }

  /**
   * The environment variables by which a child process has the other settings of this connection,
   * its profile and its log level; no secrets.
   *
   * @param pass this is for Sheave alone
   */
  public Map<String, String> settings(SheaveOnly pass) {
    Arguments.notNull(pass, "pass");
    return settings;
  }

  private <T> T service(Class<T> type) {
    if (type == Blocks.class) {
      return type.cast(blocks);
    }
    if (type == Deployments.class) {
      return type.cast(deployments);
    }
    if (type == Sheave.class) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("a connection has no " + type.getName());
  }

  /** Closes the connection. */
  @Override
  public void close() {
    forget(this);
    api.close();
  }

  /**
   * The settings of a connection, in any order. With a URL and a home folder, no file outside of
   * that folder is read. Not safe for use by several threads.
   */
  public static final class Builder {
    private static final String EXAMPLE = "jdbc:sqlite:/home/me/sheave.db.";

    private final Map<String, String> environment;
    private @Nullable String url;
    private @Nullable Path home;
    private @Nullable Secret key;
    private boolean isKeySet;
    private @Nullable Secret encryptionKey;
    private boolean isEncryptionKeySet;
    private ClassLoader classLoader = Sheave.class.getClassLoader();

    private Builder(Map<String, String> environment) {
      this.environment = environment;
    }

    /** Sets the URL to connect to. */
    public Builder url(String value) {
      this.url = Arguments.notNull(value, "url");
      return this;
    }

    /**
     * Sets the folder with this user's Sheave files; and, unless there is a URL, the database to
     * connect to.
     */
    public Builder home(Path value) {
      this.home = Arguments.notNull(value, "home").toAbsolutePath();
      return this;
    }

    /**
     * Sets the API key of a server, or the password of a database. The environment's is for the URL
     * of the environment.
     */
    public Builder key(@Nullable Secret value) {
      this.key = value;
      this.isKeySet = true;
      return this;
    }

    /**
     * Sets the key that secrets are encrypted with; null for the one in the home folder. Several,
     * separated by blanks, while they are rotated, the newest first.
     */
    public Builder encryptionKey(@Nullable Secret value) {
      this.encryptionKey = value;
      this.isEncryptionKeySet = true;
      return this;
    }

    /** Sets the class loader in which block types are looked for. */
    public Builder classLoader(ClassLoader value) {
      this.classLoader = Arguments.notNull(value, "classLoader");
      return this;
    }

    /**
     * Opens the connection.
     *
     * @throws SheaveException {@code UNSUPPORTED} if Sheave is on the module path; see {@link
     *     Sheave#connect(String)}
     */
    public Sheave connect() {
      checkIsOnClassPath();
      Settings settings = settings();
      settings.loggingLevel().ifPresent(level -> LogLevel.check(Settings.LOGGING_LEVEL, level));
      String given = url;
      String address = given == null ? settings.url() : given;
      boolean isOfEnvironment =
          given == null || settings.apiUrl().isEmpty() || settings.url().equals(given);
      Secret opening = isKeySet ? key : isOfEnvironment ? settings.apiKey().orElse(null) : null;
      Secret encrypting =
          isEncryptionKeySet ? encryptionKey : settings.encryptionKey().orElse(null);
      BlockRegistry registry = BlockRegistry.discover(classLoader, settings.home());
      for (OrchestrationProvider provider :
          ServiceLoader.load(OrchestrationProvider.class, Sheave.class.getClassLoader())) {
        if (provider.accepts(address)) {
          OrchestrationApi api =
              provider.open(
                  new OrchestrationProvider.Options(address, settings.home(), opening, encrypting));
          return new Sheave(
              api, registry, settings.home(), opening, encrypting, ofChildren(settings));
        }
      }
      throw new SheaveException(
          Code.INVALID,
          "'"
              + ApiUrl.withoutCredentials(address)
              + "' can't be connected to: "
              + whatToDo(address));
    }

    /** Reads what isn't set; profiles are those of a home, and another one needn't have it. */
    private Settings settings() {
      Map<String, String> read = new HashMap<>(environment);
      if (home != null && !home.equals(Settings.home(environment))) {
        read.remove(Settings.PROFILE);
        read.put("SHEAVE_HOME", home.toString());
      }
      return url == null ? Settings.of(read) : Settings.ofEnvironment(read);
    }

    private Map<String, String> ofChildren(Settings settings) {
      Map<String, String> all = new TreeMap<>();
      if (url == null) {
        settings.profile().ifPresent(profile -> all.put(Settings.PROFILE, profile));
      }
      settings.loggingLevel().ifPresent(level -> all.put(Settings.LOGGING_LEVEL, level));
      return Map.copyOf(all);
    }

    private static String whatToDo(String url) {
      String scheme = url.replaceFirst("^(jdbc:[^:]*|[^:]*):.*|.*", "$1");
      return switch (scheme) {
        case "jdbc:sqlite", "jdbc:postgresql" ->
            MissingModule.remedy("sheave-orchestrator", "dev.sheave.orchestrator") + ".";
        default -> "use a URL such as " + EXAMPLE;
      };
    }

    /** Sheave's libraries are found, and runs are started, by the class path. */
    private static void checkIsOnClassPath() {
      if (Sheave.class.getModule().isNamed()) {
        throw new SheaveException(
            Code.UNSUPPORTED,
            "Sheave doesn't work from the module path or an image of jlink; start this program with"
                + " its jars on the class path ('java -cp').");
      }
    }
  }
}
