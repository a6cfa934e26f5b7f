package dev.sheave.storage.vfs;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.testkit.storage.HostileServerContract;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class DavHostileServerTest extends HostileServerContract {
  @Override
  protected ReadableStorage openStorage(String url) {
    return new DavTroubledServerTest().openStorage(url, "key-of-the-server");
  }

  @Override
  protected String listingHead() {
    return "207 Multi-Status\r\nContent-Type: application/xml";
  }

  @Override
  protected String listingStart() {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><multistatus xmlns=\"DAV:\">";
  }

  @Override
  protected String[] opening() {
    return new String[] {"<response><href>/flows/x</href>", "</response>"};
  }

  @Override
  protected Stream<String> endlessPage(String name) {
    return Stream.empty();
  }

  @Override
  protected Stream<String> newPage(String path, int number) {
    String folder = path.replaceAll("/+$", "");
    String collection =
        "<propstat><prop><resourcetype><collection/></resourcetype></prop></propstat>";
    return Stream.of(
        IntStream.range(0, 100)
            .mapToObj(i -> i == 0 ? "" : "/a" + number + "-" + i)
            .map(
                name -> "<response><href>" + folder + name + "</href>" + collection + "</response>")
            .collect(Collectors.joining("", listingStart(), "</multistatus>")));
  }

  @Override
  protected Stream<String> listing() {
    return Stream.of(
        listingStart()
            + "<response><href>/flows</href><propstat><prop><resourcetype><collection/></resourcetype>"
            + "</prop></propstat></response><response><href>/flows/a</href><propstat><prop>"
            + "<resourcetype/><getcontentlength>5</getcontentlength></prop></propstat></response>"
            + "</multistatus>");
  }
}
