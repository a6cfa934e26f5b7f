package dev.sheave.storage.github;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.HostileServer;
import dev.sheave.testkit.storage.HostileServerContract;
import dev.sheave.testkit.storage.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
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

  @Test
  void anObjectThatUnpacksToMoreThanFitsIntoMemoryIsRefused() throws Exception {
    String id = "0123456789".repeat(4);
    String references =
        line(
                id
                    + " HEAD\0multi_ack_detailed side-band-64k ofs-delta shallow symref=HEAD:refs/heads/main\n")
            + line(id + " refs/heads/main\n")
            + "0000";
    byte[] pack = packOfHugeDelta(64 << 20);
    HostileServer.Answer answer =
        (request, out) -> {
          if (request.startsWith("GET")) {
            HostileServer.whole(listingHead(), listingStart() + references).write(request, out);
            return;
          }
          String head = listingHead().replace("advertisement", "result");
          String start = line("shallow " + id) + "0000" + line("NAK\n");
          HostileServer.whole(head, start).write(request, out);
          out.write(String.format("%04x", pack.length + 5).getBytes(StandardCharsets.US_ASCII));
          out.write(1); // the band of the pack
          out.write(pack);
          out.write("0000".getBytes(StandardCharsets.US_ASCII));
        };
    System.setProperty("sheave.git.max-object-bytes", "1048576");
    try (HostileServer server = new HostileServer(answer)) {
      Refusal.of(
          () ->
              openStorage(server.url())
                  .getDirectory(
                      RelativePath.ROOT, Path.of("never-written"), TransferOptions.DEFAULTS),
          Code.UNAVAILABLE,
          "an object of more than the 1 MiB");
    } finally {
      System.clearProperty("sheave.git.max-object-bytes");
    }
  }

  /** A pack of some 70 bytes: a file, and a change to it that makes it this long. */
  private static byte[] packOfHugeDelta(int size) throws Exception {
    ByteArrayOutputStream pack = new ByteArrayOutputStream();
    pack.writeBytes("PACK\0\0\0\2\0\0\0\2".getBytes(StandardCharsets.ISO_8859_1));
    pack.write(3 << 4 | 1);
    pack.writeBytes(zipped((byte) 'x'));
    int back = pack.size() - 12;
    pack.write(6 << 4 | 7);
    pack.write(back);
    pack.writeBytes(
        zipped(
            (byte) 1,
            (byte) (0x80 | size & 0x7f),
            (byte) (0x80 | size >> 7 & 0x7f),
            (byte) (0x80 | size >> 14 & 0x7f),
            (byte) (size >> 21),
            (byte) 1,
            (byte) 'x'));
    pack.writeBytes(MessageDigest.getInstance("SHA-1").digest(pack.toByteArray()));
    return pack.toByteArray();
  }

  private static byte[] zipped(byte... bytes) throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  private static String line(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }
}
