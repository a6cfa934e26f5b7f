package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockCommandsTest {
  private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUserWithAnEmptyHome() throws IOException {
    shell = new Shell(folder);
  }

  @Test
  void aBlockIsCreatedListedInspectedAndDeleted() {
    Result created = shell.sheave("block create local-file-system code --set basepath=/srv/code");
    assertThat(created.err()).isEmpty();
    assertThat(created.out())
        .matches("Created block 'local-file-system/code' with id '" + ID + "'\\.\n");
    assertThat(created.code()).isZero();

    assertThat(shell.sheave("block ls").out().lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("ID +TYPE +NAME +REFERENCE");
    assertThat(shell.sheave("block ls").out())
        .containsPattern(ID + "  Local File System  code  local-file-system/code\n");

    assertThat(shell.sheave("block inspect local-file-system/code").out())
        .containsPattern(Pattern.compile("^basepath +/srv/code$", Pattern.MULTILINE))
        .containsPattern(Pattern.compile("^Block type +Local File System$", Pattern.MULTILINE));

    assertThat(shell.sheave("block delete local-file-system/code").out())
        .isEqualTo("Deleted block 'local-file-system/code'.\n");
    Result empty = shell.sheave("block ls");
    assertThat(empty.out()).isEmpty();
    assertThat(empty.err()).startsWith("There are no blocks yet");
    assertThat(empty.code()).isZero();
  }

  @Test
  void aPluginThatCantBeReadIsWarnedOf() throws IOException {
    Path plugin = shell.home().resolve("plugins/acme.jar");
    Files.createDirectories(plugin.getParent());
    Files.writeString(plugin, "half a j");

    for (String command : List.of("block type ls", "block register")) {
      Result result = shell.sheave(command);
      assertThat(result.code()).isZero();
      assertThat(result.err())
          .startsWith(
              "Warning: The block types of " + plugin + " were left out: it can't be opened")
          .endsWith("; repair or remove it.\n")
          .hasLineCount(1);
    }
  }

  @Test
  void programsGetJsonWithTheNamesOfTheProtocolNewestFirst() {
    shell.sheave("block create string older --set value=1");
    shell.sheave("block create string newer --set value=2");

    assertThat(shell.sheave("block ls -o json").jsonList())
        .extracting(block -> block.get("name"))
        .containsExactly("newer", "older");
    Map<String, ?> block = shell.sheave("block inspect string/newer --output json").jsonObject();
    assertThat(block.get("data")).isEqualTo(Map.of("value", "2"));
    assertThat(block).containsKeys("id", "created", "updated", "block_type_id", "is_anonymous");
    assertThat((Map<?, ?>) block.get("block_type")).extracting("slug").isEqualTo("string");
    assertThat(block.get("created")).asString().matches("\\d{4}-.*\\.\\d{6}\\+00:00");
    assertThat(shell.sheave("block ls -o json").jsonList()).hasSize(2);
  }

  @Test
  void anEmptyListIsAnEmptyArray() {
    Result empty = shell.sheave("block ls -o json");
    assertThat(empty.jsonList()).isEmpty();
    assertThat(empty.err()).isEmpty();
  }

  @Test
  void secretsComeFromWhereTheyAreAndStayMasked() throws IOException {
    shell.set("TOKEN", "s3cr3t-of-env");
    assertThat(shell.sheave("block create secret of-env --set value=@env:TOKEN").err()).isEmpty();
    shell.write("token.txt", "s3cr3t-of-file\n");
    assertThat(shell.sheave("block create secret of-file --set value=@file:token.txt").err())
        .isEmpty();
    shell.input("s3cr3t-of-input\n");
    assertThat(shell.sheave("block create secret of-input --set value=@-").err()).isEmpty();

    for (String name : new String[] {"of-env", "of-file", "of-input"}) {
      assertThat(shell.sheave("block inspect secret/" + name).out())
          .contains("********")
          .doesNotContain("s3cr3t");
      assertThat(shell.sheave("block inspect -o json secret/" + name).out())
          .doesNotContain("s3cr3t");
    }
    assertThat(shell.sheave("block ls -o json").out()).doesNotContain("s3cr3t");
  }

  @Test
  void aSecretInTheCommandItselfIsWarnedOf() {
    Result created = shell.sheave("block create secret token --set value=s3cr3t");
    assertThat(created.code()).isZero();
    assertThat(created.err())
        .startsWith("Warning: the value of value is now in your shell's history;")
        .doesNotContain("s3cr3t");
  }

  @Test
  void aValueMayStartWithAnAtSign() {
    shell.sheave("block create string greeting --set value=@@home");
    assertThat(shell.sheave("block inspect string/greeting -o json").jsonObject().get("data"))
        .isEqualTo(Map.of("value", "@home"));
    Result unknown = shell.sheave("block create string other --set value=@hom");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("starts with '@'").doesNotContain("@hom");
  }

  @Test
  void aTakenNameIsRefusedUnlessItIsToBeOverwritten() {
    shell.sheave("block create string s --set value=1");
    Result refused = shell.sheave("block create string s --set value=2");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("'string/s'").contains("already");
    Result updated = shell.sheave("block create string s --set value=2 --overwrite");
    assertThat(updated.out()).startsWith("Updated block 'string/s'");
    assertThat(shell.sheave("block inspect string/s").out()).containsPattern("value +2");
  }

  @Test
  void valuesAreConvertedToTheirFieldsTypes() {
    shell.sheave(
        "block create process p --set env.LEVEL=DEBUG --set stream_output=false"
            + " --set 'command=[\"echo\", \"hi\"]'");
    Object data = shell.sheave("block inspect process/p -o json").jsonObject().get("data");
    assertThat((Map<?, ?>) data)
        .extracting("stream_output", "env", "command")
        .containsExactly(false, Map.of("LEVEL", "DEBUG"), List.of("echo", "hi"));
  }

  @Test
  void mistakesAreNamedWithTheNearest() throws Exception {
    shell.sheave("block create string greeting --set value=1");

    assertThat(shell.sheave("block inspect string/greting").err())
        .isEqualTo("The block 'string/greting' doesn't exist. Did you mean 'string/greeting'?\n");
    assertThat(shell.sheave("block create strng x --set value=1").err())
        .startsWith("The block type 'strng' isn't installed")
        .contains("Did you mean 'string'?");
    assertThat(shell.sheave("block create string x --set valu=1").err())
        .startsWith("The block type 'string' has no field 'valu'")
        .endsWith("Did you mean 'value'?\n");
    assertThat(shell.sheave("block create string x").err())
        .isEqualTo("'value' is missing; it must be a string; set it with --set value=VALUE.\n");
    assertThat(shell.sheave("block create string My_Block --set value=1").err())
        .contains("lowercase letters, numbers, and dashes")
        .contains("Try 'my-block'.");
    assertThat(shell.sheave("block create string x --set value=@env:NOWHERE").err())
        .isEqualTo("The environment variable 'NOWHERE' for the field 'value' isn't set.\n");
    assertThat(shell.sheave("block create string x --set value=@file:none.txt").err())
        .startsWith("The file '")
        .endsWith("none.txt' for the field 'value' doesn't exist.\n");
    assertThat(shell.sheave("block inspect nothing").err()).contains("isn't a block reference");
    assertThat(shell.sheave("block delete string/nothing").code()).isEqualTo(1);
    shell.write("large.txt", "x".repeat(10_000_000));
    assertThat(shell.sheave("block create string x --set value=@file:large.txt").err())
        .isEqualTo(
            "The values of the block 'string/x' take 10000012 characters as JSON; the limit is"
                + " 4194304. Put the data into a file or a storage, and its location into the"
                + " block.\n");

    assertThat(shell.sheave("block ls -o json").jsonList()).hasSize(1);
  }

  @Test
  void typesAreListedByWhatTheyCanDo() {
    assertThat(shell.sheave("block type ls").out())
        .contains("local-file-system", "process", "secret", "json", "string", "date-time");
    assertThat(shell.sheave("block type ls --capability run-infrastructure -o json").jsonList())
        .extracting(type -> type.get("slug"))
        .containsExactlyInAnyOrder("in-process", "process");
    Result none = shell.sheave("block type ls --capability put-directry");
    assertThat(none.out()).isEmpty();
    assertThat(none.err())
        .isEqualTo(
            "No block type has the capability 'put-directry'. Did you mean 'put-directory'?\n");
  }

  @Test
  void typesAreRegistered() {
    assertThat(shell.sheave("block register").out())
        .startsWith("Successfully registered 10 block types\n\n")
        .containsPattern("local-file-system +Local File System");
    assertThat(shell.sheave("block register string").out())
        .startsWith("Successfully registered 1 block type\n");
    assertThat(shell.sheave("block register sting").err())
        .isEqualTo("The block type 'sting' wasn't found here. Did you mean 'string'?\n");
    assertThat(shell.sheave("block type ls -o json").jsonList())
        .filteredOn(type -> type.get("id") != null)
        .hasSize(10);
  }

  @Test
  void createSaysAllThatIsWrong() {
    assertThat(
            shell
                .sheave("block create mail-server m --set port=x --set hots=h --set limits.per=1")
                .err())
        .isEqualTo(
            "'port' must be a whole number, not 'x'.\n"
                + "The block type 'mail-server' has no field 'hots'. Did you mean 'host'?\n"
                + "The block type 'mail-server' has no field 'limits.per'. Did you mean"
                + " 'per_minute'?\n"
                + "'encryption' is missing; it must be one of NONE, STARTTLS, TLS; set it with --set"
                + " encryption=VALUE.\n"
                + "'password' is missing; it must be a string; set it with --set"
                + " password=@env:VARIABLE, =@file:PATH or =@-.\n");
  }
}
