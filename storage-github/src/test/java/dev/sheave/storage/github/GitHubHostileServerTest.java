package dev.sheave.storage.github;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.HostileServer;
import dev.sheave.testkit.storage.HostileServerContract;
import dev.sheave.testkit.storage.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GitHubHostileServerTest extends HostileServerContract {
  private static final String REFERENCE =
      "0041" + "0123456789".repeat(4) + " refs/heads/a-branch\n";

  @Override
  protected ReadableStorage openStorage(String url) {
    return new GitHubTroubledServerTest().openStorage(url, "key-of-the-server");
  }

  @Override
  protected String listingHead() {
    return "200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement";
  }

  @Override
  protected String listingStart() {
    return "001e# service=git-upload-pack\n0000";
  }

  @Override
  protected String[] opening() {
    return new String[] {REFERENCE, ""};
  }

  @Override
  protected Stream<String> endlessPage(String name) {
    return Stream.empty();
  }

  @Override
  protected Stream<String> newPage(String path, int number) {
    return Stream.empty();
  }

  @Override
  protected Stream<String> listing() {
    return Stream.empty();
  }

  @Test
  void referencesThatNeverEndAreGivenUp() throws Exception {
    HostileServer.Answer endless =
        (request, out) -> {
          HostileServer.whole(listingHead(), listingStart()).write(request, out);
          String id = "0123456789".repeat(4);
          String first = id + " refs/heads/0\0multi_ack side-band-64k shallow\n";
          StringBuilder lines = new StringBuilder(line(first));
          for (int i = 1; true; i++) {
            lines.append(line(id + " refs/heads/" + i + "\n"));
            if (lines.length() > 64 * 1024) {
              out.write(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
              lines.setLength(0);
            }
          }
        };
    try (HostileServer server = new HostileServer(endless)) {
      Refusal.of(
          () ->
              openStorage(server.url())
                  .getDirectory(
                      RelativePath.ROOT, Path.of("never-written"), TransferOptions.DEFAULTS),
          Code.UNAVAILABLE,
          "has more than the 67108864 bytes that it may have");
    }
  }

  private static String line(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }
}
