package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is shown of URLs that may have a password in them. */
class ApiUrlTest {

  @ParameterizedTest
  @CsvSource({
    "https://host/api, https://host/api",
    "https://me:s3cret@host:4200/api, https://host:4200/api",
    "https://me:s3/cr@et@host/api, https://host/api",
    "jdbc:postgresql://me:s3cret@db/sheave?password=s3cret&ssl=true, jdbc:postgresql://db/sheave",
    "jdbc:sqlite:/srv/c#/sheave.db?password=s3cret, jdbc:sqlite:/srv/c#/sheave.db",
  })
  void passwordsAreNot(String url, String shown) {
    assertThat(ApiUrl.withoutCredentials(url)).isEqualTo(shown);
  }
}
