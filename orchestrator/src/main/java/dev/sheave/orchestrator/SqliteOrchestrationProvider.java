package dev.sheave.orchestrator;

import dev.sheave.OrchestrationProvider;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import dev.sheave.internal.ApiUrl;
import dev.sheave.internal.LocalPaths;
import dev.sheave.orchestrator.internal.JdbcOrchestration;
import dev.sheave.orchestrator.internal.database.OpenDatabase;
import dev.sheave.orchestrator.internal.database.SqliteFile;
import dev.sheave.orchestrator.internal.secret.KeyRing;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Opens {@code jdbc:sqlite:PATH}: records in one file that any number of processes share. The file
 * and its folder are created if they don't exist, and so is the encryption key, {@code
 * encryption.key} in the home folder; all readable only by their owner.
 *
 * <p>Opening loads SQLite's native library, which its driver unpacks into the folder for temporary
 * files. A distribution that has it unpacked already says where with the driver's system properties
 * {@code org.sqlite.lib.path} and {@code org.sqlite.lib.name}.
 */
public final class SqliteOrchestrationProvider implements OrchestrationProvider {
  /** What URLs start with. */
  public static final String PREFIX = "jdbc:sqlite:";

  /** How long a transaction waits for one of another process before it gives up. */
  public static final Duration LOCK_TIMEOUT = Duration.ofSeconds(20);

  private final Duration lockTimeout;

  /** Makes the provider; {@link java.util.ServiceLoader} does. */
  public SqliteOrchestrationProvider() {
    this(LOCK_TIMEOUT);
  }

  SqliteOrchestrationProvider(Duration lockTimeout) {
    this.lockTimeout = lockTimeout;
  }

  @Override
  public boolean accepts(String url) {
    return url.startsWith(PREFIX);
  }

  @Override
  public OrchestrationApi open(Options options) {
    Path path = pathOf(options.url());
    Path home = options.home().toAbsolutePath();
    Secret given = options.encryptionKey();
    OpenDatabase opened =
        new SqliteFile(path, lockTimeout)
            .open(
                () -> given == null ? KeyRing.ofFile(home) : KeyRing.given(given),
                () -> given == null ? KeyRing.ofFileOrNew(home) : KeyRing.given(given));
    return new JdbcOrchestration(PREFIX + path, opened.database(), opened.keys());
  }

  private static Path pathOf(String url) {
    String path = url.substring(PREFIX.length());
    if (path.isBlank() || path.startsWith(":") || path.startsWith("file:") || path.contains("?")) {
      throw new SheaveException(
          Code.INVALID,
          "The URL "
              + ApiUrl.withoutCredentials(url)
              + " must name a file and nothing else, as in "
              + PREFIX
              + "/home/me/sheave.db.");
    }
    return LocalPaths.of(path);
  }
}
