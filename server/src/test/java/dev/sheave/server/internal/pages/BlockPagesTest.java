package dev.sheave.server.internal.pages;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.block.SaveMode;
import dev.sheave.block.StringBlock;
import dev.sheave.storage.LocalFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockPagesTest {
  @TempDir Path folder;

  private static void click(Page page, AriaRole role, String name) {
    page.getByRole(role, new GetByRoleOptions().setName(name).setExact(true)).click();
  }

  @Test
  void theCatalogShowsWhatRunsFlows() {
    try (ServedPages pages = new ServedPages(folder).open("/blocks")) {
      Page page = pages.page;
      assertThat(page.locator("main")).containsText("No blocks yet");
      pages.checkAccess();
      page.locator(".head").getByText("New block").click();
      assertThat(page.locator("[data-type=s3]")).containsText("put-directory");
      assertThat(page.locator("[data-type=gcs]")).containsText("dev.sheave:sheave-storage-gcs");
      Looks.at(page, "catalog");
      page.getByLabel("Capability").selectOption("run-infrastructure");
      assertThat(page.locator("[data-type]")).hasCount(1);
      assertThat(page.locator("[data-type=process]")).isVisible();
      assertThat(page).hasURL(Pattern.compile(".*capability=run-infrastructure.*"));
      page.goBack();
      assertThat(page.locator("[data-type=s3]")).isVisible();
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void anS3BlockIsMadeShownChangedAndDeleted() {
    try (ServedPages pages = new ServedPages(folder).open("/blocks/catalog")) {
      Page page = pages.page;
      page.getByLabel("Add an S3 block").click();
      page.getByLabel("Block name").fill("Log_Test");
      assertThat(page.locator("main")).containsText("Use lowercase letters");
      page.getByLabel("AWS Access Key ID", new Page.GetByLabelOptions().setExact(true))
          .fill("AKIA");
      page.getByLabel("AWS Secret Access Key", new Page.GetByLabelOptions().setExact(true))
          .fill("wJalr-secret");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator("#summary")).containsText("2 fields");
      assertThat(page.locator("[data-errors='f-bucket_path']")).containsText("Enter a value");
      assertThat(
              page.getByLabel("AWS Secret Access Key", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("wJalr-secret");
      pages.checkAccess();
      Looks.at(page, "s3-errors");
      pages.complaints.removeIf(text -> text.contains("422"));

      page.getByLabel("Block name").fill("log-test");
      page.getByLabel("Bucket Path").fill("bucket-full-of-sunshine/flows/log-test");
      page.getByLabel("Endpoint URL", new Page.GetByLabelOptions().setExact(true))
          .fill("localhost:9000");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator("[data-errors='f-endpoint_url']")).containsText("http://");
      pages.complaints.removeIf(text -> text.contains("422"));
      page.getByLabel("Endpoint URL", new Page.GetByLabelOptions().setExact(true)).fill("");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator(".notice")).containsText("'s3/log-test' was created");
      assertThat(page.locator("main")).containsText("bucket-full-of-sunshine/flows/log-test");
      assertThat(page.content()).doesNotContain("wJalr-secret").contains("********");
      assertThat(page.locator("#sample-Java")).containsText("Block.load(\"s3/log-test\"");
      assertThat(secret(pages)).isEqualTo("wJalr-secret");
      Looks.at(page, "s3-details");

      click(page, AriaRole.LINK, "Edit");
      Looks.at(page, "s3-edit");
      assertThat(page.content()).doesNotContain("wJalr-secret");
      page.getByLabel("Bucket Path").fill("other/place");
      click(page, AriaRole.BUTTON, "Save");
      assertThat(page.locator("main")).containsText("other/place");
      assertThat(secret(pages)).isEqualTo("wJalr-secret");

      click(page, AriaRole.LINK, "Edit");
      page.getByLabel("AWS Secret Access Key", new Page.GetByLabelOptions().setExact(true))
          .fill("another");
      click(page, AriaRole.BUTTON, "Save");
      assertThat(page.locator(".notice")).isVisible();
      assertThat(secret(pages)).isEqualTo("another");

      click(page, AriaRole.LINK, "Edit");
      page.getByLabel("AWS Secret Access Key: value or none").selectOption("default");
      page.getByLabel("AWS Access Key ID: value or none").selectOption("default");
      click(page, AriaRole.BUTTON, "Save");
      assertThat(page.locator(".notice")).isVisible();
      assertThat(secret(pages)).isNull();

      pages.open("/blocks");
      assertThat(page.locator("tbody tr")).containsText(new String[] {"log-test"});
      Looks.at(page, "blocks");
      pages.open("/blocks/s3/log-test");
      click(page, AriaRole.LINK, "Delete");
      assertThat(page.locator("main")).containsText("Nothing uses this block");
      click(page, AriaRole.BUTTON, "Delete");
      assertThat(page.locator("main")).containsText("No blocks yet");
      assertThat(pages.sheave.blocks().exists("s3/log-test")).isFalse();
      assertThat(pages.complaints).isEmpty();
    }
  }

  private static @Nullable Object secret(ServedPages pages) {
    return pages
        .sheave
        .api()
        .blocks()
        .findBlockDocument("s3", "log-test", true)
        .orElseThrow()
        .data()
        .get("aws_secret_access_key");
  }

  @Test
  void mapsListsAndSwitchesCanBeTypedAndCleared() {
    try (ServedPages pages = new ServedPages(folder).open("/blocks/types/process/new")) {
      Page page = pages.page;
      page.getByLabel("Block name").fill("big");
      Locator env = page.locator("[data-field=env]");
      env.getByText("Add").click();
      env.getByLabel("Key").fill("MODE");
      env.getByLabel("Value", new Locator.GetByLabelOptions().setExact(true)).fill("fast");
      Locator options = page.locator("[data-field=jvm_options]");
      options.getByText("Add").click();
      options.locator("input:not([type=hidden])").last().fill("-Xmx2g");
      options.getByText("Add").click();
      options.locator("input:not([type=hidden])").last().fill("-Xms1g");
      page.getByRole(AriaRole.SWITCH).uncheck();
      pages.checkAccess();
      Looks.at(page, "process-form");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator(".notice")).isVisible();
      assertThat(data(pages, "process", "big"))
          .containsEntry("env", Map.of("MODE", "fast"))
          .containsEntry("jvm_options", List.of("-Xmx2g", "-Xms1g"))
          .containsEntry("stream_output", false);

      click(page, AriaRole.LINK, "Edit");
      page.locator("[data-field=env] [data-remove]").click();
      options.getByLabel("Remove this row").first().click();
      page.getByLabel("Stream Output: value or none").selectOption("default");
      click(page, AriaRole.BUTTON, "Save");
      assertThat(page.locator(".notice")).isVisible();
      assertThat(data(pages, "process", "big"))
          .containsEntry("env", Map.of())
          .containsEntry("jvm_options", List.of("-Xms1g"))
          .containsEntry("stream_output", true);
      click(page, AriaRole.LINK, "Edit");
      page.getByLabel("JVM Options: value or none").selectOption("default");
      click(page, AriaRole.BUTTON, "Save");
      assertThat(page.locator(".notice")).isVisible();
      assertThat(data(pages, "process", "big").get("jvm_options")).isNull();
      assertThat(pages.complaints).isEmpty();
    }
  }

  private static Map<String, @Nullable Object> data(ServedPages pages, String slug, String name) {
    return pages.sheave.api().blocks().findBlockDocument(slug, name, false).orElseThrow().data();
  }

  @Test
  void aTypeOfAnotherProgramHasItsFormToo() {
    try (ServedPages pages = new ServedPages(folder)) {
      var api = pages.sheave.api().blocks();
      BlockTypeRecord type =
          api.createBlockType(
              "mail",
              new BlockTypeRecord.Texts(
                  "Mail <script>alert(1)</script>",
                  "https://elsewhere.example/logo.png",
                  "javascript:alert(1)",
                  "Sends <b>mail</b>.",
                  "```python\nMail.load(\"BLOCK_NAME\")\n```"));
      Map<String, @Nullable Object> properties = new LinkedHashMap<>();
      properties.put("host", Map.of("title", "Host", "type", "string"));
      properties.put("port", Map.of("title", "Port", "type", "integer", "default", 25));
      properties.put(
          "level", Map.of("title", "Level", "enum", List.of("low", "high"), "default", "low"));
      properties.put("day", Map.of("title", "Day", "type", "string", "format", "date"));
      properties.put("extra", Map.of("title", "Extra", "type", "object"));
      properties.put(
          "target",
          Map.of(
              "title",
              "Target",
              "anyOf",
              List.of(
                  Map.of("title", "One", "type", "string"),
                  Map.of(
                      "title",
                      "Pair",
                      "type",
                      "object",
                      "required",
                      List.of("left"),
                      "properties",
                      Map.of("left", Map.of("title", "Left", "type", "string"))))));
      properties.put(
          "password", Map.of("title", "Password", "type", "string", "format", "password"));
      Map<String, @Nullable Object> schema = new LinkedHashMap<>();
      schema.put("title", "Mail");
      schema.put("type", "object");
      schema.put("properties", properties);
      schema.put("required", List.of("host"));
      schema.put("secret_fields", List.of("password"));
      schema.put("block_type_slug", "mail");
      schema.put("block_schema_references", Map.of());
      var schemaRecord = api.createBlockSchema(type.id(), schema, List.of(), "1");

      Page page = pages.open("/blocks/catalog").page;
      assertThat(page.locator("[data-type=mail] .logo")).hasText("MS");
      assertThat(page.locator("[data-type=mail]")).containsText("<script>alert(1)</script>");
      pages.open("/blocks/types/mail/new");
      assertThat(page.getByText("Documentation")).hasCount(0);
      page.getByLabel("Block name").fill("office");
      page.getByLabel("Host", new Page.GetByLabelOptions().setExact(true)).fill("mail.example");
      page.getByLabel("Port", new Page.GetByLabelOptions().setExact(true)).fill("many");
      page.getByLabel("Extra", new Page.GetByLabelOptions().setExact(true)).fill("{\n  oops");
      page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill("hush");
      page.getByLabel("Pair").check();
      page.getByLabel("Left", new Page.GetByLabelOptions().setExact(true)).fill("l");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator("[data-errors='f-port']")).containsText("whole number");
      assertThat(page.locator("[data-errors='f-extra']")).containsText("line 2");
      assertThat(page.getByLabel("Left", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("l");
      pages.checkAccess();
      Looks.at(page, "mail-errors");
      page.getByLabel("Port", new Page.GetByLabelOptions().setExact(true)).fill("587");
      page.getByLabel("Extra", new Page.GetByLabelOptions().setExact(true)).fill("{\"a\": [1]}");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator(".notice")).isVisible();
      assertThat(data(pages, "mail", "office"))
          .containsEntry("port", 587)
          .containsEntry("extra", Map.of("a", List.of(1)))
          .containsEntry("target", Map.of("left", "l"))
          .containsEntry("password", "********")
          .doesNotContainKeys("level", "day");
      assertThat(page.locator("#sample-Python")).containsText("Mail.load(\"office\")");

      click(page, AriaRole.LINK, "Edit");
      page.getByLabel("Port: value or none").selectOption("null");
      page.getByLabel("Level", new Page.GetByLabelOptions().setExact(true)).selectOption("high");
      click(page, AriaRole.BUTTON, "Save");
      assertThat(page.locator(".notice")).isVisible();
      Map<String, @Nullable Object> changed = data(pages, "mail", "office");
      assertThat(changed).containsEntry("level", "high").containsEntry("port", null);
      assertThat(
              Objects.requireNonNull(
                  api.findBlockDocument("mail", "office", true)
                      .orElseThrow()
                      .data()
                      .get("password")))
          .isEqualTo("hush");

      // somebody else is quicker
      click(page, AriaRole.LINK, "Edit");
      api.updateBlockDocument(
          api.findBlockDocument("mail", "office", false).orElseThrow().id(),
          schemaRecord.id(),
          Map.of("host", "quick.example"),
          true,
          null);
      page.getByLabel("Host", new Page.GetByLabelOptions().setExact(true)).fill("slow.example");
      click(page, AriaRole.BUTTON, "Save");
      assertThat(page.locator("#summary")).containsText("Somebody else changed this block");
      assertThat(page.getByLabel("Host", new Page.GetByLabelOptions().setExact(true)))
          .hasValue("slow.example");
      assertThat(data(pages, "mail", "office")).containsEntry("host", "quick.example");
      assertThat(
              api.createBlockDocument(
                  new NewBlockDocument("second", schemaRecord.id(), Map.of("host", "h"), false)))
          .isNotNull();
    }
  }

  @Test
  void aConnectionIsTriedAndEachPermissionsResultIsShown() throws Exception {
    try (ServedPages pages = new ServedPages(folder)) {
      Path files = Files.createDirectories(folder.resolve("files"));
      pages.sheave.blocks().save(new StringBlock("w"), "word", SaveMode.CREATE);
      pages
          .sheave
          .blocks()
          .save(
              LocalFileSystem.builder().basepath(files.toString()).build(),
              "here",
              SaveMode.CREATE);
      pages
          .sheave
          .blocks()
          .save(
              pages
                  .sheave
                  .blocks()
                  .create(
                      "s3",
                      Map.of(
                          "bucket_path",
                          "none",
                          "endpoint_url",
                          "http://127.0.0.1:9",
                          "aws_access_key_id",
                          "k",
                          "aws_secret_access_key",
                          "s")),
              "away",
              SaveMode.CREATE);
      Page page = pages.open("/blocks/string/word").page;
      assertThat(page.locator("#connection")).hasCount(0);

      pages.open("/blocks/local-file-system/here");
      assertThat(page.locator("#connection")).containsText("runs in the server");
      click(page, AriaRole.BUTTON, "Check connection");
      assertThat(page.locator("#connection li"))
          .hasText(
              new String[] {
                "connect works", "list works", "write works", "read works", "delete works"
              });
      assertThat(page.locator("#connection [role=status]")).containsText("can be used");
      assertThat(files).isEmptyDirectory();
      pages.checkAccess();
      page.navigate(page.url().replaceFirst("#.*", ""));
      assertThat(page).hasURL(pages.address("/blocks/local-file-system/here"));

      pages.open("/blocks/s3/away");
      click(page, AriaRole.BUTTON, "Check connection");
      assertThat(page.locator("#connection .problem")).isVisible();
      assertThat(page.locator("#connection li").first()).containsText("connect fails");
      assertThat(page.locator("#connection li").first()).containsText("127.0.0.1:9");
      assertThat(page.locator("#connection li").last()).hasText("delete not tried");
      assertThat(pages.complaints).isEmpty();
    }
  }

  @Test
  void aSavedBlockIsPickedForANestedOne() {
    try (ServedPages pages = new ServedPages(folder)) {
      pages.sheave.blocks().save(new StringBlock("w"), "word", SaveMode.CREATE);
      var api = pages.sheave.api().blocks();
      BlockTypeRecord type =
          api.createBlockType(
              "holder", new BlockTypeRecord.Texts("Holder", null, null, null, null));
      Map<String, @Nullable Object> schema = new LinkedHashMap<>();
      schema.put("title", "Holder");
      schema.put("type", "object");
      schema.put("properties", Map.of("inner", Map.of("$ref", "#/definitions/String")));
      schema.put("required", List.of("inner"));
      schema.put("block_type_slug", "holder");
      schema.put(
          "block_schema_references",
          Map.of(
              "inner",
              Map.of("block_type_slug", "string", "block_schema_checksum", stringChecksum(pages))));
      schema.put(
          "definitions",
          Map.of(
              "String", Map.of("title", "String", "type", "object", "block_type_slug", "string")));
      api.createBlockSchema(type.id(), schema, List.of(), "1");

      Page page = pages.open("/blocks/types/holder/new").page;
      page.getByLabel("Block name").fill("box");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator("[data-errors='f-inner']")).containsText("Pick a block");
      page.locator("[id='f-inner']").selectOption("string/word");
      pages.checkAccess();
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator(".notice")).isVisible();
      assertThat(
              Objects.requireNonNull(
                      api.findBlockDocument("holder", "box", false)
                          .orElseThrow()
                          .references()
                          .get("inner"))
                  .name())
          .isEqualTo("word");
      click(page, AriaRole.LINK, "Edit");
      assertThat(page.locator("[id='f-inner']")).hasValue("string/word");
      pages.open("/blocks/string/word/delete");
      assertThat(page.locator("main")).containsText("block holder/box");
    }
  }

  private static String stringChecksum(ServedPages pages) {
    return pages
        .sheave
        .api()
        .blocks()
        .findBlockDocument("string", "word", false)
        .orElseThrow()
        .blockSchema()
        .checksum();
  }

  @Test
  void aFormOfAnotherSiteIsRefused() {
    try (ServedPages pages = new ServedPages(folder).open("/blocks/types/string/new")) {
      Page page = pages.page;
      page.getByLabel("Block name").fill("word");
      page.locator("[data-field=value] [name='v:value']").fill("w");
      page.evaluate("document.querySelector('[name=csrf]').value = 'x'.repeat(32)");
      click(page, AriaRole.BUTTON, "Create");
      assertThat(page.locator("#summary")).containsText("another site sent it");
      assertThat(pages.sheave.blocks().exists("string/word")).isFalse();
    }
  }
}
