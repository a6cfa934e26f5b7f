package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of storage blocks with a protocol of their own whose server doesn't speak it. Each
 * operation ends with a sentence, within a minute, and without using much memory. Limits in time
 * are lowered for the tests.
 */
@Timeout(300)
public abstract class HostilePeerContract {
  private static final String SLOWEST = "sheave.transfer.slowest-window-seconds";
  private static final String RESPONSE = "sheave.transfer.response-seconds";

  @TempDir private @Nullable Path temporary;

  /** For the backend's test. */
  protected HostilePeerContract() {}

  /** Returns a block of a server on this machine. */
  protected abstract ReadableStorage openStorage(int port) throws Exception;

  /** What a server of the protocol says first, or the start of it; empty if the client does. */
  protected abstract byte[] greeting();

  @BeforeEach
  final void lower() {
    System.setProperty(SLOWEST, "1");
    System.setProperty(RESPONSE, "2");
  }

  @AfterEach
  final void raise() {
    System.clearProperty(SLOWEST);
    System.clearProperty(RESPONSE);
  }

  private void refused(HostilePeer.Speech speech) throws Exception {
    Path folder = temporary;
    assertThat(folder).isNotNull();
    try (HostilePeer server = new HostilePeer(speech)) {
      ReadableStorage storage = openStorage(server.port());
      Code[] codes = {Code.UNAVAILABLE, Code.INTERNAL};
      Refusal.ofAny(
              () ->
                  storage.getDirectory(
                      RelativePath.ROOT, folder.resolve("target"), TransferOptions.DEFAULTS),
              codes,
              "")
          .saysAny(storage.location(RelativePath.ROOT), "127.0.0.1");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() throws Exception {
    refused(HostilePeer.silentAfter(new byte[0]));
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() throws Exception {
    refused(HostilePeer.silentAfter(greeting()));
  }

  @Test
  void aServerThatDripsIsGivenUp() throws Exception {
    refused(HostilePeer.dripping(new byte[0], 'x'));
  }

  @Test
  void aServerThatDripsAfterItsGreetingIsGivenUp() throws Exception {
    refused(HostilePeer.dripping(greeting(), 0));
  }

  @Test
  void aServerThatSendsTextForEverIsGivenUp() throws Exception {
    refused(HostilePeer.endless(new byte[0], "line of text\r\n".getBytes(ISO_8859_1)));
  }

  @Test
  void aServerThatSendsOneLineForEverIsGivenUp() throws Exception {
    refused(HostilePeer.endless(greeting(), "x".getBytes(ISO_8859_1)));
  }

  @Test
  void aServerThatSendsZerosForEverIsGivenUp() throws Exception {
    refused(HostilePeer.endless(greeting(), new byte[1]));
  }

  @Test
  void aServerThatSendsLargeLengthsIsRefused() throws Exception {
    byte[] large = {(byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    refused(HostilePeer.endless(greeting(), large));
  }

  @Test
  void aServerThatHangsUpIsSaid() throws Exception {
    refused(HostilePeer.only(greeting()));
  }
}
