package dev.sheave.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.JsonBlock;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.block.StringBlock;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.s3.S3;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/blocks.md says, done. */
class BlocksPageTest {
  private Sheave sheave;

  @BeforeEach
  void connect(@TempDir Path home) {
    sheave = Sheave.builder().home(home).connect();
    Sheave.use(sheave);
  }

  @AfterEach
  void disconnect() {
    sheave.close();
  }

  private static S3 saveLogTest() {
    return S3.builder()
        .bucketPath("my-bucket/flows")
        .awsAccessKeyId(Secret.of("AKIAIOSFODNN7EXAMPLE"))
        .awsSecretAccessKey(Secret.of("wJalrXUtnFEMI/K7MDENG"))
        .build()
        .save("log-test");
  }

  @Test
  void savesAndLoads() {
    S3 storage =
        S3.builder()
            .bucketPath("my-bucket/flows")
            .awsAccessKeyId(Secret.of("AKIAIOSFODNN7EXAMPLE"))
            .awsSecretAccessKey(Secret.of("wJalrXUtnFEMI/K7MDENG"))
            .build()
            .save("log-test");
    assertThat(storage.displayName()).isEqualTo("s3/log-test");

    Block any = Block.load("s3/log-test");
    S3 typed = Block.load("s3/log-test", S3.class);
    S3 byName = Block.load("log-test", S3.class);

    assertThat(List.of(any, typed, byName)).containsOnly(storage);

    boolean canBeWrittenTo = any instanceof WritableStorage;
    WritableStorage code = Block.load("s3/log-test", WritableStorage.class);
    assertThat(canBeWrittenTo).isTrue();
    assertThat(code).isEqualTo(storage);

    boolean isThere = Block.exists("s3/log-test");
    List<String> users = Block.usedBy("s3/log-test");
    Block.delete("s3/log-test");

    assertThat(isThere).isTrue();
    assertThat(users).isEmpty();
    assertThat(Block.exists("s3/log-test")).isFalse();
  }

  @Test
  void connectsExplicitly(@TempDir Path home) {
    String url = "jdbc:sqlite:" + home.resolve("sheave.db");
    try (Sheave sheave = Sheave.builder().home(home).url(url).connect()) {
      sheave.blocks().save(new StringBlock("Hello"), "greeting", SaveMode.CREATE);
      StringBlock greeting = sheave.blocks().load("greeting", StringBlock.class);

      assertThat(greeting.value()).isEqualTo("Hello");
    }
  }

  @Test
  void changes() {
    saveLogTest();

    S3 storage = Block.load("s3/log-test", S3.class);
    storage.toBuilder()
        .bucketPath("other-bucket/flows")
        .build()
        .save("log-test", SaveMode.OVERWRITE);

    assertThatThrownBy(
            () ->
                storage.toBuilder()
                    .bucketPath("third-bucket/flows")
                    .build()
                    .save("log-test", SaveMode.OVERWRITE))
        .isInstanceOf(SheaveException.class)
        .extracting("code")
        .isEqualTo(Code.CONFLICT);
  }

  @Test
  void keepsSecrets() {
    new SecretBlock(Secret.of("wJalrXUtnFEMI/K7MDENG")).save("token");

    Secret token = Block.load("secret/token", SecretBlock.class).value();
    String shown = "the token is " + token; // the token is ********
    String text = token.reveal();

    assertThat(shown).isEqualTo("the token is ********");
    assertThat(text).isEqualTo("wJalrXUtnFEMI/K7MDENG");
  }

  @Test
  void drafts() {
    saveLogTest();
    Sheave sheave = Sheave.current();

    sheave.blocks().draft("s3/log-test").with("region_name", "eu-central-1").save();

    Block changed =
        sheave.blocks().with(Block.load("s3/log-test"), Map.of("bucket_path", "other/flows"));

    assertThat(Block.load("s3/log-test").toString()).contains("region_name=eu-central-1");
    assertThat(changed.toString()).contains("bucket_path=other/flows");
  }

  @Test
  void usesTheTypesOfCore() {
    new JsonBlock(Map.of("limits", Map.of("files", 100))).save("limits");

    Object limits = Block.load("json/limits", JsonBlock.class).value();

    assertThat(limits).isEqualTo(Map.of("limits", Map.of("files", 100)));
  }
}
