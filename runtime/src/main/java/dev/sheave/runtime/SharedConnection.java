package dev.sheave.runtime;

import dev.sheave.Sheave;
import dev.sheave.block.Secret;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.runtime.internal.Shared;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection that runs of this program share. One to a database stays open for a while when the
 * last of them has ended.
 */
final class SharedConnection {
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final Shared<Key, Sheave> OPEN = new Shared<>(Sheave::close);

  private SharedConnection() {}

  private record Key(Path home, String url, Optional<Secret> key, Optional<Secret> encryption) {
    Sheave connect() {
      Sheave.Builder builder = Sheave.builder().home(home).url(url);
      key.ifPresent(builder::key);
      encryption.ifPresent(builder::encryptionKey);
      return builder.connect();
    }
  }

  /** Opens the connection of a run, or shares one; to be closed by the run. */
  static Shared.Use<Sheave> open(RunRequest request) {
    Key key =
        new Key(
            request.home(),
            request.api().url(),
            request.api().key(),
            request.api().encryptionKey());
    return OPEN.use(key, request.api().opensStore() ? IDLE : Duration.ZERO, key::connect);
  }
}
