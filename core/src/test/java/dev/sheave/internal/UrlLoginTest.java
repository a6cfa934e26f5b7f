package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

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
        "https://host:8080/path@v2", "ssh://git@host/x", "git@host:org/name.git", "me:you@host",
        "a/b@c", "jdbc:sqlite:/home/me@work/x.db", "http://host:80/a b@c"
      })
  void otherAddressesStay(String text) {
    assertThat(UrlLogin.isIn(text)).isFalse();
    assertThat(UrlLogin.masked(text)).isEqualTo(text);
  }
}
