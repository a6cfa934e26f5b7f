package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.Warnings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server that is hostile, or has a problem, may answer. */
class DavListingTest {
  private static final String FOLDER =
      "<response><href>/base/</href><propstat><prop><resourcetype><collection/></resourcetype></prop>"
          + "</propstat></response>";

  @TempDir Path temporary;
  private HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private volatile String answer = "";
  private volatile int status = 207;
  private final Deque<Integer> whenRead = new ConcurrentLinkedDeque<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          // there are listings alone, and no file
          boolean isListing = exchange.getRequestMethod().equals("PROPFIND");
          String path = exchange.getRequestURI().getPath().replaceAll("/$", "");
          byte[] body =
              isListing ? answers.getOrDefault(path, answer).getBytes(UTF_8) : new byte[0];
          exchange.getRequestBody().readAllBytes();
          Integer other = whenRead.poll();
          exchange.sendResponseHeaders(
              isListing ? status : other == null ? 404 : other,
              body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({"/etc/passwd", "/base2/evil"})
  void aNameOutsideOfTheFolderIsRefused(String href) {
    answer = multistatus(FOLDER + file(href));

    refused(Code.INTERNAL, href);
  }

  @ParameterizedTest
  @CsvSource({
    "/base/../evil,../evil",
    "/base/%2e%2e/evil,../evil",
    "/base/a%00b,a\\u0000b",
    "/base/a%5Cb,a\\b",
    "/base/a//b,a//b",
  })
  void aHostileNameIsLeftOutAndSaid(String href, String name) {
    answers.put("/base", multistatus(FOLDER + file(href) + folder(href + "/")));

    leftOut("'" + name + "'");
  }

  @Test
  void aNameOfFourKibibytesIsLeftOutAndSaid() {
    answer = multistatus(FOLDER + file("/base/" + "x".repeat(4_096)));

    leftOut("xxx");
  }

  @Test
  void aFolderThatHasItselfInItEndsSomewhere() {
    answer = multistatus(FOLDER + folder("/base/abyss/"));

    leftOut("abyss/abyss/abyss");
  }

  private void leftOut(String part) {
    Warnings warnings = new Warnings();
    storage().getDirectory(RelativePath.ROOT, temporary.resolve("target"), warnings.options());

    assertThat(warnings.all()).singleElement().asString().contains("left out: ", part);
    assertThat(temporary.resolve("target")).isEmptyDirectory();
  }

  private static String file(String href) {
    return "<response><href>"
        + href
        + "</href><propstat><prop><resourcetype/><getcontentlength>1</getcontentlength></prop>"
        + "</propstat></response>";
  }

  private static String folder(String href) {
    return FOLDER.replace("/base/", href);
  }

  @Test
  void anAnswerThatNamesFilesOfThisMachineIsNotFollowed() throws IOException {
    Path secret = Files.writeString(temporary.resolve("secret"), Refusal.CANARY);
    answer =
        "<!DOCTYPE a [<!ENTITY x SYSTEM \""
            + secret.toUri()
            + "\">]>"
            + multistatus(FOLDER + "<response><href>/base/&x;</href></response>");

    refused(Code.INTERNAL, "isn't valid WebDAV");
  }

  @ParameterizedTest
  @CsvSource({
    "200,INTERNAL,status 200",
    "302,INVALID,a redirect",
    "401,PERMISSION_DENIED,rejected the login",
    "403,PERMISSION_DENIED,denied access",
    "405,INVALID,doesn't support WebDAV",
    "500,UNAVAILABLE,status 500",
    "507,UNAVAILABLE,full",
  })
  void aProblemOfTheServerIsSaid(int code, Code expected, String message) {
    status = code;
    answer = "";

    refused(expected, message);
  }

  @Test
  void aFileThatGoesWhileTheServerOpensItDoesNotExist() {
    // what Apache answers
    whenRead.add(403);
    Refusal.of(() -> storage().readPath("a"), Code.NOT_FOUND, "/base/a' doesn't exist");

    whenRead.addAll(List.of(403, 403));
    Refusal.of(() -> storage().readPath("a"), Code.PERMISSION_DENIED, "denied access");
  }

  @Test
  void aListingThatIsNoXmlIsSaid() {
    answer = "<html>";

    refused(Code.INTERNAL, "isn't valid WebDAV");
  }

  private static String multistatus(String responses) {
    return "<multistatus xmlns=\"DAV:\">" + responses + "</multistatus>";
  }

  private RemoteFileSystem storage() {
    return WebDavService.block(
        "webdav://127.0.0.1:" + server.getAddress().getPort() + "/base", Map.of());
  }

  private void refused(Code code, String message) {
    RemoteFileSystem storage = storage();
    Path got = temporary.resolve("got");

    Refusal.of(
        () -> storage.getDirectory(RelativePath.ROOT, got, TransferOptions.DEFAULTS),
        code,
        message);
    assertThat(got).doesNotExist();
  }
}
