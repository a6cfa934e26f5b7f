package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ObjectStorage;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of storage blocks over HTTP whose server sends what no client should take. Each
 * operation ends with a sentence, soon, and without using much memory. Limits in time and of
 * listings are lowered for the tests.
 */
@Timeout(300)
public abstract class HostileServerContract {
  private static final String SLOWEST = "sheave.transfer.slowest-window-seconds";
  private static final String RESPONSE = "sheave.transfer.response-seconds";
  private static final String ENTRIES = "sheave.transfer.listing-entries";

  /** Azure's library takes no object without a length, and S3's block none without a tag. */
  private static final String OBJECT = "200 OK\r\nETag: \"1\"\r\nContent-Length: 1000000000000";

  @TempDir private @Nullable Path temporary;

  /** For the backend's test. */
  protected HostileServerContract() {}

  /**
   * Returns a block of a server.
   *
   * @param url its address: {@code http://127.0.0.1:4711}
   */
  protected abstract ReadableStorage openStorage(String url) throws Exception;

  /** The first line and the headers of a response with a listing, such as {@code 200 OK}. */
  protected abstract String listingHead();

  /** The start of a listing, up to where any elements may follow. */
  protected abstract String listingStart();

  /** What may be repeated in a listing, and be nested, without being understood. */
  protected abstract String[] opening();

  /**
   * A listing that has the token of a next page, always the same; empty if there are no pages.
   *
   * @param name of an object in it
   */
  protected abstract Stream<String> endlessPage(String name);

  /**
   * A page of a listing that goes on for ever with new names; empty if there are no listings.
   *
   * @param path that is requested: {@code /flows}
   * @param number of the page: no other has the same
   */
  protected abstract Stream<String> newPage(String path, int number);

  /** A listing with an object of 5 bytes, {@code flows/a}; empty if there are no listings. */
  protected abstract Stream<String> listing();

  @BeforeEach
  final void lower() {
    System.setProperty(SLOWEST, "1");
    System.setProperty(RESPONSE, "2");
    System.setProperty(ENTRIES, "2000");
  }

  @AfterEach
  final void raise() {
    System.clearProperty(SLOWEST);
    System.clearProperty(RESPONSE);
    System.clearProperty(ENTRIES);
  }

  private void refused(HostileServer.Answer answer, Code... codes) throws Exception {
    try (HostileServer server = new HostileServer(answer)) {
      ReadableStorage storage = openStorage(server.url());
      refused(storage, () -> get(storage), codes);
    }
  }

  private void get(ReadableStorage storage) {
    Path folder = temporary;
    assertThat(folder).isNotNull();
    storage.getDirectory(RelativePath.ROOT, folder.resolve("target"), TransferOptions.DEFAULTS);
  }

  private static void refused(ReadableStorage storage, ThrowingCallable call, Code... codes) {
    // one or the other is named: the place, or the host that sends so much
    Refusal.ofAny(call, codes, "").saysAny(storage.location(RelativePath.ROOT), "127.0.0.1");
  }

  @Test
  void aListingThatNeverEndsIsGivenUp() throws Exception {
    String again = opening()[0] + opening()[1];
    refused(HostileServer.endless(listingHead(), listingStart(), again), Code.UNAVAILABLE);
  }

  @Test
  void aListingThatIsNestedDeeplyIsRefused() throws Exception {
    String body = listingStart() + opening()[0].repeat(1_000_000);
    refused(HostileServer.whole(listingHead(), body), Code.UNAVAILABLE, Code.INTERNAL);
  }

  @Test
  void aListingThatDripsIsGivenUp() throws Exception {
    refused(HostileServer.dripping(listingHead()), Code.UNAVAILABLE);
  }

  @Test
  void aListingThatIsNoneIsRefused() throws Exception {
    refused(HostileServer.whole(listingHead(), "\0<{[\"canary"), Code.UNAVAILABLE, Code.INTERNAL);
  }

  @Test
  void headersThatNeverEndAreGivenUp() throws Exception {
    refused(HostileServer.endlessHeaders(), Code.UNAVAILABLE);
  }

  @Test
  void headersThatDripAreGivenUp() throws Exception {
    refused(HostileServer.drippingHeaders(), Code.UNAVAILABLE);
  }

  @Test
  void redirectsThatNeverEndAreGivenUp() throws Exception {
    refused(HostileServer.redirecting(), Code.UNAVAILABLE, Code.INVALID, Code.INTERNAL);
  }

  @Test
  void anErrorWhoseBodyNeverEndsIsGivenUp() throws Exception {
    refused(HostileServer.endless("403 Forbidden", "", "x"), Code.values());
  }

  @Test
  void aListingThatRepeatsItsPagesIsGivenUp() throws Exception {
    for (String page : endlessPage("flows/a").toList()) {
      refused(HostileServer.whole(listingHead(), page), Code.UNAVAILABLE);
    }
  }

  @Test
  void aListingWithEverNewNamesIsGivenUp() throws Exception {
    AtomicInteger pages = new AtomicInteger();
    HostileServer.Answer answer =
        (request, out) -> {
          String path = request.split(" ")[1].replaceFirst("[?].*", "");
          String page = newPage(path, pages.incrementAndGet()).findFirst().orElse("");
          HostileServer.whole(listingHead(), page).write(request, out);
        };
    if (newPage("/flows", 0).findFirst().isPresent()) {
      refused(answer, Code.UNAVAILABLE);
      assertThat(pages.get()).as("pages that were read").isBetween(2, 2_100);
    }
  }

  @Test
  void anObjectThatIsLongerThanListedIsGivenUp() throws Exception {
    for (String listing : listing().toList()) {
      refused(
          (request, out) -> {
            boolean object = request.startsWith("GET ") && request.matches(".*[/F]a[ ?].*");
            (object
                    ? HostileServer.endless(OBJECT, "", "x")
                    : HostileServer.whole(listingHead(), listing))
                .write(request, out);
          },
          Code.CONFLICT,
          Code.UNAVAILABLE);
    }
  }

  @Test
  void anObjectThatDripsIsGivenUp() throws Exception {
    try (HostileServer server = new HostileServer(HostileServer.dripping(OBJECT))) {
      if (openStorage(server.url()) instanceof ObjectStorage storage) {
        refused(storage, () -> storage.readPath("a"), Code.UNAVAILABLE);
        Path folder = temporary;
        assertThat(folder).isNotNull();
        refused(
            storage,
            () -> storage.getFile(RelativePath.of("a"), folder.resolve("file")),
            Code.UNAVAILABLE);
        assertThat(folder).isEmptyDirectory();
      }
    }
  }
}
