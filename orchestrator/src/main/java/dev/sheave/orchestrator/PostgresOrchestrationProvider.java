package dev.sheave.orchestrator;

import dev.sheave.OrchestrationProvider;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import dev.sheave.internal.ApiUrl;
import dev.sheave.orchestrator.internal.JdbcOrchestration;
import dev.sheave.orchestrator.internal.database.OpenDatabase;
import dev.sheave.orchestrator.internal.database.PostgresDatabase;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens {@code jdbc:postgresql://USER@HOST:PORT/DATABASE}: records in a PostgreSQL database, which
 * programs on any machines share. The password is the API key. Parameters of the driver can follow
 * in the URL. The tables are created in the first schema of the search path if they don't exist.
 * All programs need the same encryption key; the first one creates it, {@code encryption.key} in
 * its home folder, if none is set.
 *
 * <p>A program has {@value #DEFAULT_CONNECTIONS} connections to the database at most, unless the
 * environment variable {@value #CONNECTIONS} has another number. None is kept while it isn't used.
 */
public final class PostgresOrchestrationProvider implements OrchestrationProvider {
  /** What URLs start with. */
  public static final String PREFIX = "jdbc:postgresql:";

  /** Names the environment variable with the number of connections, from 1 to 1000. */
  public static final String CONNECTIONS = "SHEAVE_DATABASE_CONNECTIONS";

  private static final int DEFAULT_CONNECTIONS = 8;
  private static final int MAX_CONNECTIONS = 1000;

  private static final Pattern URL =
      Pattern.compile(
          Pattern.quote(PREFIX)
              + "//(?:(?<user>[^:@/?]+)(?::(?<password>.*))?@)?(?<place>[^@?/]+/[^@?/]+)"
              + "(?:\\?(?<parameters>.*))?");

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(20);

  /**
   * How long a statement may take, unless {@code socketTimeout} in the URL says. A database that
   * fell silent, as one whose machine is gone, would be waited for without end.
   */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private final Map<String, String> environment;

  /** Makes the provider; {@link java.util.ServiceLoader} does. */
  public PostgresOrchestrationProvider() {
    this(System.getenv());
  }

  PostgresOrchestrationProvider(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public OrchestrationApi open(Options options) {
    Matcher parts = URL.matcher(options.url());
    if (!parts.matches()) {
      throw new SheaveException(
          Code.INVALID,
          "The URL "
              + ApiUrl.withoutCredentials(options.url())
              + " must be like "
              + PREFIX
              + "//user@host:5432/database.");
    }
    String name = withoutPassword(parts);
    Path home = options.home().toAbsolutePath();
    Secret given = options.encryptionKey();
    OpenDatabase opened =
        new PostgresDatabase(
                source(parts, options.key(), ANSWER_TIMEOUT),
                source(parts, options.key(), Duration.ZERO),
                name,
                connections())
            .open(
                () -> given == null ? KeyRing.ofFile(home) : KeyRing.given(given),
                () -> given == null ? KeyRing.ofFileOrNew(home) : KeyRing.given(given));
    return new JdbcOrchestration(name, opened.database(), opened.keys());
  }

  private int connections() {
    String wanted = environment.getOrDefault(CONNECTIONS, "").strip();
    if (wanted.isEmpty()) {
      return DEFAULT_CONNECTIONS;
    }
    try {
      int number = Integer.parseInt(wanted);
      if (number >= 1 && number <= MAX_CONNECTIONS) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new SheaveException(
        Code.INVALID,
        CONNECTIONS
            + " must be a number of connections from 1 to "
            + MAX_CONNECTIONS
            + ", not '"
            + wanted
            + "'.");
  }

  private static String withoutPassword(Matcher parts) {
    String user = parts.group("user");
    String parameters =
        Stream.of(Objects.requireNonNullElse(parts.group("parameters"), "").split("&"))
            .filter(each -> !each.isEmpty() && !each.toLowerCase(Locale.ROOT).contains("password"))
            .collect(Collectors.joining("&"));
    return PREFIX
        + "//"
        + (user == null ? "" : user + "@")
        + parts.group("place")
        + (parameters.isEmpty() ? "" : "?" + parameters);
  }

  private static PGSimpleDataSource source(
      Matcher parts, @Nullable Secret key, Duration answerTimeout) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    String parameters = parts.group("parameters");
    source.setURL(
        PREFIX + "//" + parts.group("place") + (parameters == null ? "" : "?" + parameters));
    if (parts.group("user") != null) {
      source.setUser(parts.group("user"));
    }
    if (key != null) {
      source.setPassword(key.reveal());
    } else if (parts.group("password") != null) {
      source.setPassword(parts.group("password"));
    }
    source.setApplicationName("sheave");
    source.setTcpKeepAlive(true);
    source.setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toSeconds()));
    if (parameters == null || !parameters.contains("socketTimeout=")) {
      source.setSocketTimeout(Math.toIntExact(answerTimeout.toSeconds()));
    }
    source.setOptions(
        "-c lock_timeout="
            + LOCK_TIMEOUT.toMillis()
            + " -c default_transaction_isolation=read\\ committed");
    return source;
  }
}
