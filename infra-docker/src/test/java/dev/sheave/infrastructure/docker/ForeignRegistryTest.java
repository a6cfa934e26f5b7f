package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A registry that asks for a password, and may be told only its own. */
@Timeout(120)
class ForeignRegistryTest {
  private static final String END = "Content-Length: 0\r\nConnection: close\r\n\r\n";
  private static final String BAD_REQUEST = "HTTP/1.1 400 Bad Request\r\n" + END;
  private static final String UNAUTHORIZED =
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"\r\n" + END;

  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final List<String> progress = new ArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void startRegistry() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept, "foreign-registry");
    thread.setDaemon(true);
    thread.start();
  }

  @AfterEach
  void stopRegistry() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try (Socket client = server.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
          OutputStream out = client.getOutputStream()) {
        boolean isHttp = Character.isUpperCase(in.read()); // else the greeting of TLS
        for (String line = in.readLine();
            isHttp && line != null && !line.isEmpty();
            line = in.readLine()) {
          if (line.startsWith("Authorization: ")) {
            told.add(line);
          }
        }
        out.write((isHttp ? UNAUTHORIZED : BAD_REQUEST).getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // the engine has left, or it was closed
      }
    }
  }

  private String registry() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void pullWithAccountAt(String url) {
    DockerRegistry account = RegistryLoginTest.accountAt(url);
    Image image = new Image(DockerService.engine(), registry() + "/flows:1", null);

    assertThatThrownBy(() -> image.ensure(ImagePullPolicy.ALWAYS, account, progress::add))
        .isInstanceOf(SheaveException.class);
  }

  @Test
  void itsOwnPasswordIsSent() {
    pullWithAccountAt("http://" + registry());

    assertThat(told)
        .contains(
            "Authorization: Basic "
                + Base64.getEncoder()
                    .encodeToString("marvin:wJalrXUtnFEMI".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void thePasswordOfAnotherIsNot() {
    pullWithAccountAt("https://registry.corp.example");

    assertThat(told).isEmpty();
    assertThat(progress)
        .containsExactly(
            "The image '"
                + registry()
                + "/flows:1' is being pulled, without the account of 'image_registry', which is"
                + " one at 'registry.corp.example'.");
  }
}
