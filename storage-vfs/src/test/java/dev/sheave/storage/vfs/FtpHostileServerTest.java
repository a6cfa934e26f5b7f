package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An FTP server whose listings never end. */
@Timeout(120)
class FtpHostileServerTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ServerSocket server;
  private byte[] endless = {};

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
            listForEver(data);
          }
          default -> say(control, "200 as you like");
        }
      }
    } catch (IOException e) {
      // the client has gone
      return;
    }
  }

  private void listForEver(ServerSocket data) throws IOException {
    try (Socket connection = data.accept()) {
      OutputStream out = connection.getOutputStream();
      while (true) {
        out.write(endless);
      }
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
    endless = line.repeat(10_000).getBytes(UTF_8);
    RemoteFileSystem storage =
        FtpService.block("ftp://127.0.0.1:" + server.getLocalPort() + "/a", Map.of());

    Refusal.of(
        () -> storage.getDirectory(RelativePath.ROOT, folder, TransferOptions.DEFAULTS),
        Code.UNAVAILABLE,
        "longer than");
  }
}
