package dev.sheave.storage.s3;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostileServerContract;
import java.util.stream.Stream;

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
}
