package dev.sheave.runtime;

import dev.sheave.block.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The keys that a run's process gets by its standard input: the API key on the first line, the
 * encryption key on the second. Either line may be empty. If nothing comes, because standard input
 * is left open, there are none.
 *
 * @param apiKey the first
 * @param encryptionKey the second
 */
record HandedKeys(Optional<Secret> apiKey, Optional<Secret> encryptionKey) {
  static final HandedKeys NONE = new HandedKeys(Optional.empty(), Optional.empty());

  /**
   * Reads them; waits only so long.
   *
   * @param problems takes a sentence if there are none because they can't be read
   */
  static HandedKeys read(InputStream in, Duration atMost, Consumer<String> problems) {
    CompletableFuture<HandedKeys> keys = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try {
                keys.complete(new HandedKeys(line(in), line(in)));
              } catch (IOException e) {
                keys.completeExceptionally(e);
              }
            },
            "sheave-keys");
    reader.setDaemon(true);
    reader.start();
    try {
      return keys.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      problems.accept(
          "No keys came on standard input within "
              + atMost.toSeconds()
              + " seconds; going on without. Close it, or set SHEAVE_API_KEY_FILE.");
    } catch (ExecutionException e) {
      problems.accept("Standard input can't be read; going on without keys: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return NONE;
  }

  private static Optional<Secret> line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    String key = line.toString(StandardCharsets.UTF_8).strip();
    return key.isEmpty() ? Optional.empty() : Optional.of(Secret.of(key));
  }
}
