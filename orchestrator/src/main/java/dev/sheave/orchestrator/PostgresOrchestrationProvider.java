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
 */
public final class PostgresOrchestrationProvider implements OrchestrationProvider {
  /** What URLs start with. */
  public static final String PREFIX = "jdbc:postgresql:";

  /** How many connections a program has to the database at most. */
  public static final int DEFAULT_POOL_SIZE = 8;

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

  private final int poolSize;

  /** Makes the provider; {@link java.util.ServiceLoader} does. */
  public PostgresOrchestrationProvider() {
    this(DEFAULT_POOL_SIZE);
  }

  /**
   * Makes a provider for a program that uses more or fewer connections.
   *
   * @param poolSize how many at most, 1 or more
   */
  public PostgresOrchestrationProvider(int poolSize) {
    this.poolSize = poolSize;
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
                poolSize)
            .open(
                () -> given == null ? KeyRing.ofFile(home) : KeyRing.given(given),
                () -> given == null ? KeyRing.ofFileOrNew(home) : KeyRing.given(given));
    return new JdbcOrchestration(name, opened.database(), opened.keys());
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
    source.setOptions("-c lock_timeout=" + LOCK_TIMEOUT.toMillis());
    return source;
  }
}
