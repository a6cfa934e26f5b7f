package dev.sheave.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.server.ServedStore.Answer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filters of block documents together, and those that there aren't. */
class DocumentFilterTest {
  private static ServedStore store;
  private static String mailType;
  private static String mail;

  @BeforeAll
  static void start(@TempDir Path folder) {
    store = new ServedStore(folder);
    mailType = type("mail", "Mail Server");
    String mailSchema = schema(mailType, "send-mail");
    String chatSchema = schema(type("chat", "Chat"), "send-chat");
    mail = document(mailSchema, "first", false);
    document(chatSchema, "second", false);
    document(chatSchema, null, true);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  private static String type(String slug, String name) {
    return store.post("/block_types/", Map.of("slug", slug, "name", name)).text("id");
  }

  private static String schema(String type, String capability) {
    return store
        .post(
            "/block_schemas/",
            Map.of(
                "block_type_id", type,
                "fields", Map.of("title", capability),
                "capabilities", List.of(capability)))
        .text("id");
  }

  private static String document(String schema, @Nullable String name, boolean isAnonymous) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("block_schema_id", schema);
    body.put("data", Map.of());
    body.put("is_anonymous", isAnonymous);
    return store.post("/block_documents/", body).text("id");
  }

  private static List<String> names(String body) {
    Answer answer = store.send("POST", "/block_documents/filter", body);
    assertThat(answer.status()).as(body).isEqualTo(200);
    return ((List<?>) Objects.requireNonNull(answer.body()))
        .stream()
            .map(each -> (Map<?, ?>) each)
            .map(
                each ->
                    Boolean.TRUE.equals(each.get("is_anonymous"))
                        ? "anonymous"
                        : String.valueOf(each.get("name")))
            .sorted()
            .toList();
  }

  @Test
  void anonymousDocumentsAreListedOnlyIfAskedFor() {
    assertThat(names("{}")).containsExactly("first", "second");
    assertThat(names("{'block_documents': {'is_anonymous': {'eq_': false}}}".replace('\'', '"')))
        .containsExactly("first", "second");
    assertThat(names("{'block_documents': {'is_anonymous': null}}".replace('\'', '"')))
        .containsExactly("anonymous", "first", "second");
  }

  @Test
  void documentsAreFilteredByTheirType() {
    for (String filter :
        List.of(
            "'block_types': {'slug': {'any_': ['mail']}}",
            "'block_types': {'name': {'like_': 'mail s'}}",
            "'block_documents': {'block_type_id': {'any_': ['" + mailType + "']}}",
            "'block_schemas': {'block_type_id': {'any_': ['" + mailType + "']}}",
            "'block_schemas': {'block_capabilities': {'all_': ['send-mail']}}",
            "'block_documents': {'id': {'any_': ['" + mail + "']}}",
            "'block_documents': {'name': {'any_': ['first']}}",
            "'block_documents': {'operator': 'or_', 'name': {'any_': ['first']},"
                + " 'is_anonymous': null}",
            "'block_schemas': {'operator': 'or_', 'version': {'any_': ['none']},"
                + " 'block_capabilities': {'all_': ['send-mail']}}")) {
      assertThat(names(("{" + filter + "}").replace('\'', '"'))).containsExactly("first");
    }
  }

  @Test
  void aFilterThatNothingMatchesHasNoDocuments() {
    for (String filter :
        List.of(
            "'block_types': {'slug': {'any_': []}}",
            "'block_types': {'name': {'like_': 'nothing'}}",
            "'block_types': {'slug': {'any_': ['chat']}}, 'block_documents': {'id': {'any_': ['"
                + mail
                + "']}}",
            "'block_documents': {'id': {'any_': ['00000000-0000-0000-0000-000000000001']}}")) {
      assertThat(names(("{" + filter + "}").replace('\'', '"'))).isEmpty();
    }
  }

  @Test
  void aFilterThatTheServerLacksIsRefused() {
    for (String filter :
        List.of(
            "'block_documents': {'color': {'any_': ['red']}}",
            "'block_documents': {'name': {'like_': 'first'}}",
            "'block_types': {'operator': 'or_'}",
            "'block_schemas': {'checksum': {'any_': ['1']}}")) {
      Answer answer =
          store.send("POST", "/block_documents/filter", ("{" + filter + "}").replace('\'', '"'));
      assertThat(answer.status()).as(filter).isEqualTo(422);
      assertThat(answer.text("exception_message")).contains("can't filter by");
      assertThat(answer.text("detail")).contains("extra fields not permitted");
    }
  }

  @Test
  void listingsFollowAnEntry() {
    for (String path : List.of("/block_documents", "/block_types", "/block_schemas")) {
      List<String> all = ids(path, "{}");
      assertThat(all).hasSizeGreaterThan(1);
      String after = "{'limit': 1, 'after': '" + all.get(0) + "'%s}";
      assertThat(ids(path, after.formatted(""))).as(path).containsExactly(all.get(1));
      // conditions that are checked entry by entry, too
      String conditions = ", 'block_schemas': {'block_type_id': {'any_': [%s]}}";
      String each = String.join(", ", types());
      assertThat(ids(path, after.formatted(conditions.formatted(each))))
          .as(path)
          .containsExactly(all.get(1));
      String unknown = "{'after': '00000000-0000-0000-0000-000000000001'}".replace('\'', '"');
      assertThat(store.send("POST", path + "/filter", unknown).status()).as(path).isEqualTo(404);
    }
    List<String> documents = ids("/block_documents", "{}");
    String wanted =
        "'block_documents': {'id': {'any_': ['" + String.join("', '", documents) + "']}}";
    assertThat(ids("/block_documents", "{'after': '" + documents.get(0) + "', " + wanted + "}"))
        .containsExactly(documents.get(1));
  }

  private static List<String> types() {
    return ids("/block_types", "{}").stream().map(id -> "'" + id + "'").toList();
  }

  private static List<String> ids(String path, String body) {
    Answer answer = store.send("POST", path + "/filter", body.replace('\'', '"'));
    assertThat(answer.status()).as(path + body).isEqualTo(200);
    return ((List<?>) Objects.requireNonNull(answer.body()))
        .stream().map(each -> String.valueOf(((Map<?, ?>) each).get("id"))).toList();
  }
}
