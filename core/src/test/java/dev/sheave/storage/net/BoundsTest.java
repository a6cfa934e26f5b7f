package dev.sheave.storage.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BoundsTest {
  private static final String PLACE = "s3://bucket/a";

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
        .hasMessageContaining("'" + PLACE + "'")
        .hasMessageMatching("[^\n]*[^.][.]");
  }

  @Test
  void aStreamMayHaveAsManyBytesAsItsBoundAndNoMore() throws IOException {
    byte[] ten = new byte[10];
    assertThat(Bounds.stream(new ByteArrayInputStream(ten), PLACE, 10).readAllBytes()).hasSize(10);
    assertThat(Bounds.stream(new ByteArrayInputStream(ten), PLACE).readAllBytes()).hasSize(10);
    refused(() -> Bounds.stream(new ByteArrayInputStream(ten), PLACE, 9).readAllBytes())
        .hasMessageContaining("more than the 9 bytes");
    refused(() -> Bounds.stream(new ByteArrayInputStream(ten), PLACE, 9).skipNBytes(10));
  }

  /** A byte at a time, each after a while. */
  private static InputStream drip(long millis) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        try {
          Thread.sleep(millis);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        return 'x';
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        buffer[offset] = (byte) read();
        return 1;
      }
    };
  }

  @Test
  void aStreamThatDripsIsGivenUp() {
    InputStream in =
        new BoundedStream(drip(100), "'" + PLACE + "'", 1 << 20, 1024, Duration.ofSeconds(1));
    refused(in::readAllBytes).hasMessageContaining("bytes arrived in 1 s");
  }

  @Test
  void aSlowReaderIsNotTakenForASlowServer() throws Exception {
    InputStream in =
        new BoundedStream(
            new ByteArrayInputStream(new byte[3]), PLACE, 1 << 20, 1024, Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      assertThat(in.read()).isZero();
      Thread.sleep(500);
    }
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void aListingIsReadPageByPage() {
    List<String> tokens = new ArrayList<>();
    Bounds.pages(
        PLACE,
        token -> {
          tokens.add(String.valueOf(token));
          return new Bounds.Page(0, tokens.size() < 3 ? "page-" + tokens.size() : "");
        });
    assertThat(tokens).containsExactly("null", "page-1", "page-2");
  }

  @Test
  void aListingThatRepeatsAPageOrIsEmptyForEverEnds() {
    refused(() -> Bounds.pages(PLACE, token -> new Bounds.Page(1, "again")))
        .hasMessageContaining("doesn't end");
    int[] count = {0};
    refused(() -> Bounds.pages(PLACE, token -> new Bounds.Page(0, "page-" + count[0]++)))
        .hasMessageContaining("doesn't end");
  }

  @Test
  void aListingWithEverNewNamesEnds() {
    int[] count = {0};
    refused(() -> Bounds.pages(PLACE, token -> new Bounds.Page(1000, "page-" + count[0]++)))
        .hasMessageContaining("lists more than 2000000 files and folders");
    Bounds.Entries entries = Bounds.entries(PLACE);
    String name = "n".repeat(1 << 20);
    refused(
            () -> {
              for (int i = 0; i <= 256; i++) {
                entries.add(name);
              }
            })
        .hasMessageContaining("characters of file names");
  }

  @SuppressWarnings("InfiniteRecursion") // that is what is tested
  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }

  @Test
  void errorsOfTheMachineThatDataLeadsToAreOneSentence() {
    refused(() -> Bounds.guard(PLACE, () -> endless(0))).hasMessageContaining("nested too deeply");
    refused(
            () ->
                Bounds.guard(
                    PLACE,
                    () -> {
                      throw new OutOfMemoryError("Java heap space");
                    }))
        .hasMessageContaining("MiB of memory");
  }
}
