package dev.sheave.storage.azure;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostileServerContract;
import java.util.stream.Stream;

class AzureHostileServerTest extends HostileServerContract {
  @Override
  protected ReadableStorage openStorage(String url) {
    return new AzureTroubledServerTest().openStorage(url, "key-of-the-server");
  }

  @Override
  protected String listingHead() {
    return "200 OK\r\nContent-Type: application/xml";
  }

  @Override
  protected String listingStart() {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults>";
  }

  @Override
  protected String[] opening() {
    return new String[] {"<a>", "</a>"};
  }

  private String page(String next) {
    return listingStart()
        + "<Blobs><Blob><Name>flows/a</Name><Properties>"
        + "<Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob></Blobs>"
        + "<NextMarker>"
        + next
        + "</NextMarker></EnumerationResults>";
  }

  @Override
  protected Stream<String> endlessPage(String name) {
    return Stream.of(page("again"));
  }

  @Override
  protected Stream<String> newPage(String path, int number) {
    return Stream.of(page("" + number).replace("flows/a", "flows/a" + number));
  }

  @Override
  protected Stream<String> listing() {
    return Stream.of(page(""));
  }
}
