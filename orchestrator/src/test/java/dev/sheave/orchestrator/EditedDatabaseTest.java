package dev.sheave.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.OrchestrationApi;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody achieves who can edit the database, and doesn't have its key: neither is a secret
 * shown, nor is it given out for another.
 */
class EditedDatabaseTest {
  @TempDir private Path home;

  @BeforeEach
  void twoSecrets() {
    try (OrchestrationApi api = Stores.open(home)) {
      Stores.saveSecret(api, "poor", "poor man's");
      Stores.saveSecret(api, "rich", "rich man's");
    }
  }

  private Connection database() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + Stores.file(home));
  }

  private void edit(String... sql) throws SQLException {
    try (Connection connection = database();
        Statement statement = connection.createStatement()) {
      for (String each : sql) {
        assertThat(statement.executeUpdate(each)).as(each).isPositive();
      }
    }
  }

  private void assertRefused(String slug, String name) {
    try (OrchestrationApi api = Stores.open(home)) {
      for (boolean includeSecrets : List.of(true, false)) {
        SheaveException refusal =
            catchThrowableOfType(
                SheaveException.class,
                () -> api.blocks().findBlockDocument(slug, name, includeSecrets));
        assertThat((Throwable) refusal).as("with secrets: %s", includeSecrets).isNotNull();
        assertThat(refusal.code()).isEqualTo(Code.INTERNAL);
        assertThat(refusal)
            .hasMessageStartingWith("The block '" + slug + "/" + name + "' is damaged: ")
            .hasMessageContaining("changed outside Sheave")
            .hasMessageNotContaining("man's");
      }
    }
  }

  private void assertReadable(String name, String password) {
    try (OrchestrationApi api = Stores.open(home)) {
      assertThat(api.blocks().findBlockDocument("creds", name, true))
          .map(BlockDocumentRecord::data)
          .hasValue(Map.of("user", "me", "password", password));
    }
  }

  @Test
  void swappedNamesAreRefused() throws SQLException {
    edit(
        "update block_document set name = 'x' where name = 'poor'",
        "update block_document set name = 'poor' where name = 'rich'",
        "update block_document set name = 'rich' where name = 'x'");

    assertRefused("creds", "poor");
    assertRefused("creds", "rich");
  }

  @Test
  void anotherTypeIsRefused() throws SQLException {
    try (OrchestrationApi api = Stores.open(home)) {
      BlockTypeRecord type =
          api.blocks()
              .createBlockType("note", new BlockTypeRecord.Texts("Note", null, null, null, null));
      api.blocks().createBlockSchema(type.id(), Map.of("title", "Note"), List.of(), "1");
    }
    edit(
        "update block_document set"
            + " block_type_id = (select id from block_type where slug = 'note'),"
            + " block_schema_id = (select s.id from block_schema s join block_type t"
            + " on t.id = s.block_type_id where t.slug = 'note') where name = 'rich'");

    assertRefused("note", "rich");
    assertReadable("poor", "poor man's");
  }

  @Test
  void aTypeOfAnotherNameIsRefused() throws SQLException {
    edit("update block_type set slug = 'note'");

    assertRefused("note", "rich");
  }

  @Test
  void aSchemaWithoutItsSecretFieldsIsRefused() throws SQLException {
    edit("update block_schema set fields = json_remove(fields, '$.secret_fields')");

    assertRefused("creds", "poor");
    assertRefused("creds", "rich");
  }

  @Test
  void anotherSchemaOfTheTypeIsRefused() throws SQLException {
    try (OrchestrationApi api = Stores.open(home)) {
      BlockSchemaRecord schema = Stores.schema(api);
      api.blocks()
          .createBlockSchema(schema.blockType().id(), Map.of("title", "Creds"), List.of(), "2");
    }
    edit(
        "update block_document set block_schema_id ="
            + " (select id from block_schema where version = '2') where name = 'rich'");

    assertRefused("creds", "rich");
  }

  @Test
  void olderDataIsRefused() throws SQLException {
    byte[] older = data("rich");
    try (OrchestrationApi api = Stores.open(home)) {
      BlockDocumentRecord rich =
          api.blocks().findBlockDocument("creds", "rich", false).orElseThrow();
      api.blocks()
          .updateBlockDocument(
              rich.id(), rich.blockSchema().id(), Map.of("password", "new man's"), true, null);
    }
    assertReadable("rich", "new man's");
    setData("rich", older);

    assertRefused("creds", "rich");
  }

  @Test
  void whatIsRefusedCanBeDeletedAndSavedAnew() throws SQLException {
    edit("update block_document set data = x'02' where name = 'rich'");
    assertRefused("creds", "rich");

    try (OrchestrationApi api = Stores.open(home)) {
      api.blocks()
          .deleteBlockDocument(
              api.blocks().findBlockDocumentId("creds", "rich").orElseThrow(), false);
      Stores.saveSecret(api, "rich", "rich again");
    }

    assertReadable("rich", "rich again");
  }

  /** As a database is that a Sheave wrote before documents were bound to more than their id. */
  private void makeSchema1() throws Exception {
    byte[] key =
        Base64.getDecoder().decode(Files.readString(home.resolve("encryption.key")).strip());
    try (OrchestrationApi api = Stores.open(home)) {
      for (String name : List.of("poor", "rich")) {
        Optional<BlockDocumentRecord> document =
            api.blocks().findBlockDocument("creds", name, true);
        setData(name, encryptOfSchema1(key, document.orElseThrow()));
      }
    }
    OldTables.replace(Stores.file(home), 1);
  }

  private static byte[] encryptOfSchema1(byte[] key, BlockDocumentRecord document)
      throws Exception {
    byte[] nonce = new byte[12];
    new SecureRandom().nextBytes(nonce);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(document.id().toString().getBytes(StandardCharsets.US_ASCII));
    String text =
        String.format("{\"user\":\"me\",\"password\":\"%s\"}", document.data().get("password"));
    byte[] encrypted = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(13 + encrypted.length)
        .put((byte) 1)
        .put(nonce)
        .put(encrypted)
        .array();
  }

  private byte[] data(String name) throws SQLException {
    try (Connection connection = database();
        PreparedStatement query =
            connection.prepareStatement("select data from block_document where name = ?")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBytes(1);
      }
    }
  }

  private void setData(String name, byte[] data) throws SQLException {
    try (Connection connection = database();
        PreparedStatement update =
            connection.prepareStatement("update block_document set data = ? where name = ?")) {
      update.setBytes(1, data);
      update.setString(2, name);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void aDatabaseOfBeforeIsBoundWhenItIsOpened() throws Exception {
    makeSchema1();

    assertReadable("poor", "poor man's");
    assertReadable("rich", "rich man's");

    edit(
        "update block_document set name = 'x' where name = 'poor'",
        "update block_document set name = 'poor' where name = 'rich'");
    assertRefused("creds", "poor");
  }

  @Test
  void dataOfBeforeIsNotTakenAfterwards() throws Exception {
    makeSchema1();
    byte[] older = data("rich");
    assertReadable("rich", "rich man's");
    setData("rich", older);

    assertRefused("creds", "rich");
  }

  @Test
  void aSinglePieceOfBeforeDoesNotMakeADatabaseOneOfBefore() throws Exception {
    byte[] bound = data("poor");
    makeSchema1();
    setData("poor", bound);

    SheaveException refusal =
        catchThrowableOfType(SheaveException.class, () -> Stores.open(home).close());
    assertThat((Throwable) refusal).isNotNull();
    assertThat(refusal).hasMessageContaining("The block 'creds/poor' is damaged");
  }
}
