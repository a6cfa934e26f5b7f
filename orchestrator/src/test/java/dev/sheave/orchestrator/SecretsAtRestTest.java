package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.OrchestrationApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who can read the files of a store, and not its key. */
class SecretsAtRestTest {
  private static final String CANARY = "canary-4711-s3cret";

  @TempDir private Path home;

  /** The secret in the forms in which it might lie somewhere. */
  private static List<byte[]> traces() throws Exception {
    List<byte[]> traces = new ArrayList<>();
    byte[] canary = CANARY.getBytes(StandardCharsets.UTF_8);
    traces.add(canary);
    traces.add(CANARY.getBytes(StandardCharsets.UTF_16LE));
    traces.add(Base64.getEncoder().withoutPadding().encode(canary));
    for (String guess :
        List.of(
            CANARY, "{\"password\":\"" + CANARY + "\"}", "{\"password\": \"" + CANARY + "\"}")) {
      for (String algorithm : List.of("MD5", "SHA-1", "SHA-256")) {
        byte[] hash =
            MessageDigest.getInstance(algorithm).digest(guess.getBytes(StandardCharsets.UTF_8));
        traces.add(hash);
        traces.add(HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII));
        traces.add(Base64.getEncoder().withoutPadding().encode(hash));
      }
    }
    return traces;
  }

  private void assertNoTraceInAnyFile() throws Exception {
    List<byte[]> traces = traces();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = latin1(Files.readAllBytes(file));
        for (byte[] trace : traces) {
          assertThat(content.contains(latin1(trace))).as("%s in %s", latin1(trace), file).isFalse();
        }
      }
    }
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void noFileOfTheHomeHoldsASecret() throws Exception {
    try (OrchestrationApi api = Stores.open(home)) {
      BlockSchemaRecord schema = Stores.schema(api);
      BlockDocumentRecord named = Stores.saveSecret(api, "mine", CANARY);
      api.blocks()
          .createBlockDocument(
              new NewBlockDocument(null, schema.id(), Map.of("password", CANARY), true));
      api.blocks()
          .updateBlockDocument(
              named.id(), schema.id(), Map.of("password", CANARY + "2"), true, null);
      api.blocks().readBlockDocument(named.id(), true);
      api.blocks().deleteBlockDocument(named.id(), false);

      assertThat(fileNames())
          .as("what is not yet in the database proper")
          .contains("sheave.db-wal");
      assertNoTraceInAnyFile();
    }
    assertThat(fileNames()).doesNotContain("sheave.db-wal");
    assertNoTraceInAnyFile();
  }

  private List<String> fileNames() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void equalDocumentsLookDifferent() throws Exception {
    try (OrchestrationApi api = Stores.open(home)) {
      Stores.saveSecret(api, "one", CANARY);
      Stores.saveSecret(api, "two", CANARY);
    }

    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("select count(distinct data) from block_document")) {
      assertThat(row.getInt(1)).isEqualTo(2);
    }
  }

  @Test
  void theDataOfOneDocumentIsNotTakenForAnothers() throws Exception {
    try (OrchestrationApi api = Stores.open(home)) {
      Stores.saveSecret(api, "poor", "poor man's");
      Stores.saveSecret(api, "rich", "rich man's");
    }
    change(
        "update block_document set data ="
            + " (select data from block_document where name = 'rich') where name = 'poor'");

    assertDamaged("poor");
  }

  @Test
  void dataThatWasChangedIsNotTakenForADocument() throws Exception {
    try (OrchestrationApi api = Stores.open(home)) {
      Stores.saveSecret(api, "mine", CANARY);
    }
    change("update block_document set data = x'01'");

    assertDamaged("mine");
  }

  private void change(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }

  private void assertDamaged(String name) {
    try (OrchestrationApi api = Stores.open(home)) {
      SheaveException refusal =
          catchThrowableOfType(
              SheaveException.class, () -> api.blocks().findBlockDocument("creds", name, true));
      assertThat(refusal.code()).isEqualTo(Code.INTERNAL);
      assertThat(refusal).hasMessageContaining("damaged");
    }
  }
}
