package dev.sheave.storage.gcs;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostileServerContract;
import java.util.stream.Stream;

class GcsHostileServerTest extends HostileServerContract {
  @Override
  protected ReadableStorage openStorage(String url) {
    return new GcsTroubledServerTest().openStorage(url, "key-of-the-server");
  }

  @Override
  protected String listingHead() {
    return "200 OK\r\nContent-Type: application/json";
  }

  @Override
  protected String listingStart() {
    return "{\"items\": [{\"name\": \"flows/a\", \"metadata\": ";
  }

  @Override
  protected String[] opening() {
    return new String[] {"{\"a\":", "1},"};
  }

  private static String page(String more) {
    return "{\"items\": [{\"name\": \"flows/a\", \"size\": \"5\"}]" + more + "}";
  }

  @Override
  protected Stream<String> endlessPage(String name) {
    return Stream.of(page(", \"nextPageToken\": \"again\""));
  }

  @Override
  protected Stream<String> newPage(String path, int number) {
    return Stream.of(
        page(", \"nextPageToken\": \"" + number + "\"").replace("flows/a", "flows/a" + number));
  }

  @Override
  protected Stream<String> listing() {
    return Stream.of(page(""));
  }
}
