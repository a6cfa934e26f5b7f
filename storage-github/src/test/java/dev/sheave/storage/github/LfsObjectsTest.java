package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.testkit.storage.HostileServer;
import dev.sheave.testkit.storage.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses of LFS servers that the real one of the tests doesn't give. */
class LfsObjectsTest {
  private static final byte[] CONTENT = "the content of a large file".getBytes(UTF_8);
  private static final String OK = "200 OK\r\nContent-Type: application/vnd.git-lfs+json";

  @TempDir Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private LfsPointer pointer = new LfsPointer("0".repeat(64), 0);

  @BeforeEach
  void setUp() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(CONTENT);
    pointer = new LfsPointer(HexFormat.of().formatHex(digest), CONTENT.length);
    System.setProperty("sheave.transfer.slowest-window-seconds", "1");
  }

  @AfterEach
  void tearDown() {
    System.clearProperty("sheave.transfer.slowest-window-seconds");
  }

  private LfsObjects objects(HostileServer server) {
    RepositoryAddress address = RepositoryAddress.parse(server.url() + "/org/x");
    GitAccess access = new GitAccess(address, null, null, new SshConnections(null, null), null);
    GitCache cache = new GitCache(folder.resolve("cache"), GitCache.MAX_BYTES, GitCache.GRACE);
    return new LfsObjects(address, new GitHost(access, cache));
  }

  /** The response of the API: an object at an address, with headers. */
  private String batch(String href, String headers) {
    return "{\"objects\": [{\"oid\": \"%s\", \"actions\": {\"download\": {\"href\": \"%s\", \"header\": %s}}}]}"
        .formatted(pointer.oid(), href, headers);
  }

  /** A server of the API, and of objects below {@code /object}. */
  private HostileServer server(String headers, HostileServer.Answer object) throws IOException {
    HostileServer[] server = {null};
    server[0] =
        new HostileServer(
            (request, out) -> {
              asked.add(request);
              if (request.startsWith("POST ")) {
                HostileServer.whole(OK, batch(server[0].url() + "/object", headers))
                    .write(request, out);
              } else {
                object.write(request, out);
              }
            });
    return server[0];
  }

  private static HostileServer.Answer content() {
    return (request, out) -> {
      out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
      out.write(CONTENT);
    };
  }

  private Refusal refused(HostileServer server) {
    return Refusal.of(
        () -> objects(server).fetch(Map.of("a.bin", pointer)), Code.UNAVAILABLE, server.url());
  }

  @Test
  void aHeaderThatBelongsToTheConnectionIsLeftOut() throws Exception {
    String headers =
        "{\"Host\": \"other.example.com\", \"Content-Length\": \"7\", \"X-Own\": \"1\"}";
    try (HostileServer server = server(headers, content())) {
      objects(server).fetch(Map.of("a.bin", pointer));

      assertThat(objects(server).file(pointer)).hasBinaryContent(CONTENT);
    }
  }

  @Test
  void aHeaderThatIsNotValidIsRefused() throws Exception {
    try (HostileServer server = server("{\"X-Bad\": \"canary8f3a\\r\\nX: 1\"}", content())) {
      refused(server).says("header");
    }
  }

  @Test
  void aRedirectToAnAddressThatIsNotValidIsRefused() throws Exception {
    HostileServer.Answer redirect =
        (request, out) ->
            out.write(
                "HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(UTF_8));
    try (HostileServer server = server("{}", redirect)) {
      refused(server).says("no valid address");
    }
  }

  @Test
  void anObjectThatIsLongerThanItsPointerIsGivenUp() throws Exception {
    try (HostileServer server = server("{}", HostileServer.endless("200 OK", "", "x"))) {
      refused(server).says("doesn't match its SHA-256");
      assertThat(folder.resolve("cache")).isDirectoryNotContaining("glob:**/part-*");
    }
  }

  @Test
  void whatADeadProcessLeftIsRemoved() throws Exception {
    try (HostileServer server = server("{}", content())) {
      Path objects = objects(server).file(pointer).getParent().getParent();
      // of a process that had the id of this one before
      String own = OwnedTemporary.name("part-");
      Files.createDirectories(objects);
      Path dead = Files.createFile(objects.resolve(own.replaceFirst("~([^~]*~[^~]*)$", "~1$1")));
      Path living = Files.createFile(objects.resolve(own));
      objects(server).fetch(Map.of("a.bin", pointer));

      assertThat(dead).doesNotExist();
      assertThat(living).exists();
    }
  }

  @Test
  void anObjectThatDripsIsGivenUp() throws Exception {
    pointer = new LfsPointer(pointer.oid(), 1_000_000);
    try (HostileServer server = server("{}", HostileServer.dripping("200 OK"))) {
      refused(server).says("a.bin", "bytes arrived");
    }
  }

  @Test
  void aResponseOfTheApiThatNeverEndsIsGivenUp() throws Exception {
    try (HostileServer server =
        new HostileServer(HostileServer.endless(OK, "{\"objects\": [", "{},"))) {
      Refusal.ofAny(
              () -> objects(server).fetch(Map.of("a.bin", pointer)),
              new Code[] {Code.UNAVAILABLE, Code.INVALID},
              "")
          .saysAny("127.0.0.1", "LFS");
    }
  }

  @Test
  void aResponseOfTheApiThatIsNestedDeeplyIsRefused() throws Exception {
    String body = "{\"objects\": " + "[".repeat(1_000_000);
    try (HostileServer server = new HostileServer(HostileServer.whole(OK, body))) {
      Refusal.ofAny(
          () -> objects(server).fetch(Map.of("a.bin", pointer)),
          new Code[] {Code.UNAVAILABLE, Code.INVALID},
          "LFS");
    }
  }

  @Test
  void aRedirectToAnotherPortGetsNoHeader() throws Exception {
    List<String> heads = new CopyOnWriteArrayList<>();
    try (OtherServer other = new OtherServer(heads)) {
      HostileServer.Answer redirect =
          (request, out) ->
              out.write(
                  ("HTTP/1.1 302 Found\r\nLocation: "
                          + other.url()
                          + "/x\r\nContent-Length: 0\r\n\r\n")
                      .getBytes(UTF_8));
      try (HostileServer server =
          server("{\"Authorization\": \"RemoteAuth canary8f3a\"}", redirect)) {
        objects(server).fetch(Map.of("a.bin", pointer));
      }
      assertThat(heads).containsExactly("null");
    }
  }

  /** Serves the object, and remembers the logins. */
  private static final class OtherServer implements AutoCloseable {
    private final HttpServer server;

    OtherServer(List<String> logins) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            logins.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.sendResponseHeaders(200, CONTENT.length);
            try (OutputStream out = exchange.getResponseBody()) {
              out.write(CONTENT);
            }
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
