package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Secret;
import dev.sheave.infrastructure.ApiAccess.Reach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiAccessTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:sqlite:/home/me/.sheave/sheave.db, SHARED_FILES",
    "jdbc:sqlite:C:\\Users\\me\\sheave.db, SHARED_FILES",
    "faulty:jdbc:sqlite:/tmp/sheave.db, SHARED_FILES",
    "http://localhost:4200/api, THIS_HOST",
    "http://127.0.0.1:4200/api, THIS_HOST",
    "http://127.1.2.3/api, THIS_HOST",
    "http://[::1]:4200/api, THIS_HOST",
    "jdbc:postgresql://localhost/sheave, THIS_HOST",
    "http://localhost.example.org/api, NETWORK",
    "https://sheave.example.org/api, NETWORK",
    "jdbc:postgresql:///sheave, THIS_HOST",
    "http://my_host:4200/api, NETWORK",
    "http://127.example.org/api, NETWORK",
    "http://me:localhost@example.org/api, NETWORK",
    "jdbc:postgresql://db:5432/sheave, NETWORK"
  })
  void anAddressSaysFromWhereItIsReached(String url, Reach reach) {
    assertThat(ApiAccess.to(url).reach()).isEqualTo(reach);
  }

  @Test
  void theEncryptionKeyIsOnlyForWhoOpensTheStore() {
    Secret key = Secret.of("k");
    assertThat(ApiAccess.to("https://h/api").withEncryptionKey(key).encryptionKey()).isEmpty();
    assertThat(ApiAccess.to("jdbc:sqlite:/x").withEncryptionKey(key).encryptionKey()).hasValue(key);
  }

  @Test
  void keysAreNotShown() {
    assertThat(ApiAccess.to("https://me:secret@h/api").withKey(Secret.of("k-e-y")))
        .hasToString("https://h/api");
  }
}
