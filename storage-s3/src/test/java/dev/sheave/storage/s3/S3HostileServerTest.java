package dev.sheave.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostileServer;
import dev.sheave.testkit.storage.HostileServerContract;
import dev.sheave.testkit.storage.Refusal;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class S3HostileServerTest extends HostileServerContract {
  @Override
  protected ReadableStorage openStorage(String url) {
    return new S3TroubledServerTest().openStorage(url, "key-of-the-server");
  }

  @Override
  protected String listingHead() {
    return "200 OK\r\nContent-Type: application/xml";
  }

  @Override
  protected String listingStart() {
    return "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name>";
  }

  @Override
  protected String[] opening() {
    return new String[] {"<a>", "</a>"};
  }

  private String page(String more) {
    return listingStart()
        + "<Contents><Key>flows/a</Key><Size>5</Size></Contents>"
        + more
        + "</ListBucketResult>";
  }

  @Override
  protected Stream<String> endlessPage(String name) {
    return Stream.of(
        page(
            "<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>"));
  }

  @Override
  protected Stream<String> newPage(String path, int number) {
    return endlessPage("flows/a")
        .map(page -> page.replace("again", "" + number).replace("flows/a", "flows/a" + number));
  }

  @Override
  protected Stream<String> listing() {
    return Stream.of(page("<IsTruncated>false</IsTruncated>"));
  }

  @Test
  void aServerThatSaysNothingIsAskedOnlyOnceAgain() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    HostileServer.Answer silence =
        (request, out) -> {
          requests.incrementAndGet();
          end.await();
        };
    try (HostileServer server = new HostileServer(silence)) {
      S3 storage = new S3TroubledServerTest().openStorage(server.url(), Refusal.CANARY);
      Refusal.of(() -> storage.readPath("a"), Code.UNAVAILABLE, "didn't respond in time");
    } finally {
      end.countDown();
    }
    assertThat(requests).hasValue(2);
  }
}
