package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract of storage blocks over HTTP whose server fails. Each operation ends soon, with a
 * code and a message that names the address and shows no secret.
 */
@Timeout(300)
public abstract class TroubledServerContract {
  @TempDir private @Nullable Path temporary;

  /** For the backend's test. */
  protected TroubledServerContract() {}

  /**
   * Returns a block of a server.
   *
   * @param url its address: {@code https://127.0.0.1:4711}
   * @param secret what the block logs in with
   */
  protected abstract ReadableStorage openStorage(String url, String secret) throws Exception;

  @ParameterizedTest
  @CsvSource({"503,1", "429,3600"})
  void aServerThatHasToRestIsUnavailable(int status, String retryAfter) throws Exception {
    Map<String, String> headers = Map.of("Retry-After", retryAfter);
    try (TroubledServer server = TroubledServer.answering(status, headers, "")) {
      refused(server, Code.UNAVAILABLE);
    }
  }

  @Test
  void aServerThatDeniesIsSaid() throws Exception {
    try (TroubledServer server = TroubledServer.answering(403, Map.of(), "")) {
      refused(server, Code.PERMISSION_DENIED);
    }
  }

  @Test
  void aServerThatNobodyVouchesForIsSentNothing() throws Exception {
    try (TroubledServer server = TroubledServer.notTrusted()) {
      refused(server, Code.UNAVAILABLE).hasCause();
      assertThat(server.requests()).isZero();
    }
  }

  private Refusal refused(TroubledServer server, Code code) throws Exception {
    Path folder = temporary;
    assertThat(folder).isNotNull();
    ReadableStorage storage = openStorage(server.url(), Refusal.CANARY);
    return Refusal.ofEach(storage, folder, code, storage.location(RelativePath.ROOT));
  }
}
