package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Trees;
import dev.sheave.testkit.storage.Warnings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An FTP server whose listings never end, or name what no folder can hold. */
@Timeout(120)
class FtpHostileServerTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ServerSocket server;
  private byte[] listing = {};
  private boolean isEndless = true;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, LOOPBACK);
    threads.execute(
        () -> {
          while (!server.isClosed()) {
            try {
              Socket control = server.accept();
              threads.execute(() -> serve(control));
            } catch (IOException e) {
              return; // closed
            }
          }
        });
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }

  private void serve(Socket control) {
    try (control;
        ServerSocket data = new ServerSocket(0, 50, LOOPBACK)) {
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(control.getInputStream(), UTF_8));
      say(control, "220 here");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
        switch (command) {
          case "USER" -> say(control, "331 and the password?");
          case "PASS" -> say(control, "230 come in");
          case "SYST" -> say(control, "215 UNIX Type: L8");
          case "PWD" -> say(control, "257 \"/\"");
          case "EPSV" -> say(control, "229 there (|||" + data.getLocalPort() + "|)");
          case "PASV" -> {
            int port = data.getLocalPort();
            say(control, "227 there (127,0,0,1," + port / 256 + "," + port % 256 + ")");
          }
          case "LIST" -> {
            say(control, "150 it comes");
            list(data);
            if (!isEndless) {
              say(control, "226 that was all");
            }
          }
          case "RETR" -> {
            say(control, "150 it comes");
            try (Socket connection = data.accept()) {
              connection.getOutputStream().write("well".getBytes(UTF_8));
            }
            say(control, "226 that was all");
          }
          default -> say(control, "200 as you like");
        }
      }
    } catch (IOException e) {
      // the client has gone
      return;
    }
  }

  private void list(ServerSocket data) throws IOException {
    try (Socket connection = data.accept()) {
      OutputStream out = connection.getOutputStream();
      do {
        out.write(listing);
      } while (isEndless);
    }
  }

  private static void say(Socket control, String line) throws IOException {
    control.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "an endless line",
        "-rw-r--r--   1 me       me              1 Jan  1 00:00 the-same-file\r\n"
      })
  void aListingThatDoesNotEndIsGivenUp(String line) {
    listing = line.repeat(10_000).getBytes(UTF_8);
    RemoteFileSystem storage = storage();

    Refusal.of(
        () -> storage.getDirectory(RelativePath.ROOT, folder, TransferOptions.DEFAULTS),
        Code.UNAVAILABLE,
        "longer than");
  }

  @Test
  void namesThatNoFolderCanHoldAreLeftOut() {
    isEndless = false;
    listing =
        Stream.of("../out", "/etc/passwd", "..", ".", "a/../../b", "c\\d", "good")
            .map(name -> "-rw-r--r--   1 me       me              4 Jan  1 00:00 " + name + "\r\n")
            .collect(Collectors.joining())
            .getBytes(UTF_8);
    Warnings warnings = new Warnings();

    storage().getDirectory(RelativePath.ROOT, folder.resolve("target"), warnings.options());

    assertThat(Trees.read(folder.resolve("target"))).isEqualTo(Map.of("good", "well"));
    assertThat(warnings.all()).anySatisfy(warning -> assertThat(warning).contains("../out"));
  }

  private RemoteFileSystem storage() {
    return FtpService.block("ftp://127.0.0.1:" + server.getLocalPort(), Map.of());
  }
}
