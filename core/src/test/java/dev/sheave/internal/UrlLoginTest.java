package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlLoginTest {
  @ParameterizedTest
  @CsvSource({
    "https://me:secret@host/x,https://********@host/x",
    "//me:secret@host/share,//********@host/share",
    "smb://me:se@cret@host,smb://********@host",
    "'s3://k:s@b' and 'https://:t@h' failed,'s3://********@b' and 'https://********@h' failed",
  })
  void aPasswordInAnAddressIsMaskedInEveryMessage(String text, String masked) {
    assertThat(UrlLogin.isIn(text)).isTrue();
    assertThat(new SheaveException(SheaveException.Code.INVALID, text)).hasMessage(masked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://host:8080/path@v2",
        "ssh://git@host/x",
        "git@host:org/name.git",
        "me:you@host",
        "a/b@c",
        "jdbc:sqlite:/home/me@work/x.db",
        "http://host:80/a b@c"
      })
  void otherAddressesStay(String text) {
    assertThat(UrlLogin.isIn(text)).isFalse();
    assertThat(UrlLogin.masked(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//me:canary8f3a@host/share", "smb://me:canary8f3a@host/share", "me:canary8f3a@host/share",
        " s3://key:canary8f3a@bucket", "/me:canary8f3a@host", "\\\\me:canary8f3a@host\\share"
      })
  void aPasswordInAFieldIsRefusedAndNotShown(String value) {
    assertThatThrownBy(() -> UrlLogin.refuse("share_path", value, "set smb_password"))
        .isInstanceOf(SheaveException.class)
        .hasMessageContaining("The share_path contains")
        .hasMessageContaining("set smb_password instead.")
        .hasMessageNotContaining("canary8f3a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bucket/a:b@c", "s3://bucket/a:b@c", "/share/me@work", "C:/x@y", "bucket"})
  void otherValuesAreTaken(String value) {
    assertThatCode(() -> UrlLogin.refuse("bucket_path", value, "")).doesNotThrowAnyException();
  }
}
