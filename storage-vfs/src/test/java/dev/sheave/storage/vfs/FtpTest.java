package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.testkit.storage.Refusal;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FtpTest {
  @Test
  void aWrongPasswordIsSaid() {
    Map<String, String> settings = FtpService.settings("ftp");
    settings.put("password", Refusal.CANARY);

    Refusal.of(
        () -> FtpService.block(FtpService.basepath("ftp"), settings).readPath("a"),
        Code.PERMISSION_DENIED,
        "rejected the login");
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() {
    Map<String, String> settings = FtpService.settings("ftps");
    settings.remove("ca_certificates");

    Refusal.of(
            () -> FtpService.block(FtpService.basepath("ftps"), settings).readPath("a"),
            Code.UNAVAILABLE,
            "a trusted TLS connection")
        .says("ca_certificates");
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    String other = FtpService.basepath("ftps").replace("127.0.0.1", "localhost");

    Refusal.of(
        () -> FtpService.block(other, FtpService.settings("ftps")).readPath("a"),
        Code.UNAVAILABLE,
        "a trusted TLS connection");
  }

  @Test
  void certificatesThatAreNoneAreSaid() {
    Map<String, String> settings = FtpService.settings("ftps");
    settings.put("ca_certificates", Refusal.CANARY);

    Refusal.of(
        () -> FtpService.block(FtpService.basepath("ftps"), settings).readPath("a"),
        Code.INVALID,
        "ca_certificates");
  }

  @Test
  void whatFtpsWritesFtpReads() {
    String encrypted = FtpService.basepath("ftps");
    FtpService.block(encrypted, FtpService.settings("ftps"))
        .writePath("a b/ä%20", "1".getBytes(UTF_8));
    String plain =
        encrypted
            .replace("ftps:", "ftp:")
            .replace(FtpService.variable("FTP_TLS_PORT"), FtpService.variable("FTP_PORT"));

    assertThat(FtpService.block(plain, FtpService.settings("ftp")).readPath("a b/ä%20"))
        .asString(UTF_8)
        .isEqualTo("1");
  }

  @Test
  void aServerThatIsDownIsSaid() throws IOException {
    String basepath = "ftp://127.0.0.1:" + TroubledServer.freePort() + "/a";

    Refusal.of(
        () -> FtpService.block(basepath, Map.of()).readPath("a"),
        Code.UNAVAILABLE,
        "can't connect to 127.0.0.1");
  }
}
