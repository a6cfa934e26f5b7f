package dev.sheave.orchestrator;

import dev.sheave.OrchestrationProvider.Options;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.KeyRotation;
import dev.sheave.api.OrchestrationApi;
import dev.sheave.block.Secret;
import dev.sheave.testkit.PostgresSchema;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores in a folder or a schema, and what is put into them. */
final class Stores {

  private Stores() {}

  static Path file(Path home) {
    return home.resolve("sheave.db");
  }

  static OrchestrationApi open(Path home) {
    return open(home, null);
  }

  static OrchestrationApi open(Path home, @Nullable Secret key) {
    return new SqliteOrchestrationProvider().open(options(home, key));
  }

  static OrchestrationApi open(PostgresSchema schema, Path home) {
    return new PostgresOrchestrationProvider(Map.of(PostgresOrchestrationProvider.CONNECTIONS, "3"))
        .open(new Options(schema.url(), home, Secret.of(PostgresSchema.password()), null));
  }

  static Options options(Path home, @Nullable Secret key) {
    return new Options("jdbc:sqlite:" + file(home), home, null, key);
  }

  static KeyRotation rotateKey(OrchestrationApi api, boolean keepsOldKey) {
    return api.administration().orElseThrow().rotateEncryptionKey(keepsOldKey);
  }

  /** Saves a block with a secret in its field {@code password}. */
  static BlockDocumentRecord saveSecret(OrchestrationApi api, String name, String password) {
    return api.blocks()
        .createBlockDocument(
            new NewBlockDocument(
                name, schema(api).id(), Map.of("user", "me", "password", password), false));
  }

  static BlockSchemaRecord schema(OrchestrationApi api) {
    BlockTypeRecord type =
        api.blocks()
            .findBlockType("creds")
            .orElseGet(
                () ->
                    api.blocks()
                        .createBlockType(
                            "creds", new BlockTypeRecord.Texts("Creds", null, null, null, null)));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("title", "Creds");
    fields.put("secret_fields", List.of("password"));
    return api.blocks().createBlockSchema(type.id(), fields, List.of(), "1");
  }
}
