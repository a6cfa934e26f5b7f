package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What people get wrong: one sentence on standard error, exit code 1, nothing changed. */
class BadInputTest {
  @TempDir Path folder;
  Shell shell;
  String before = "";

  @BeforeEach
  void aUserWithSomeBlocks() throws IOException {
    shell = new Shell(folder).set("P", "s3cr3t");
    shell.sheave(
        "block create mail-server office --set host=h --set encryption=TLS --set password=@env:P");
    shell.sheave("block create string greeting --set value=hello");
    before = shell.sheave("block ls -o json").out();
  }

  private void isRefused(Result result, String sentence) {
    assertThat(result.err()).isEqualTo(sentence + "\n");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(shell.sheave("block ls -o json").out()).isEqualTo(before);
  }

  @Test
  void whatAnErrorNamesDoesNothingToTheTerminal() {
    isRefused(
        shell.sheave("block inspect \u001b[31moff\u202eice"),
        "'␊[31moff ice' isn't a block reference; write the block's type, a slash and its name, such"
            + " as 's3/log-test'.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          block inspect mail-servr/office       | The block 'mail-servr/office' doesn't exist. The block type 'mail-servr' doesn't exist either. Did you mean 'mail-server'?
          block inspect mail-server/offce       | The block 'mail-server/offce' doesn't exist. Did you mean 'mail-server/office'?
          block set mail-server/offce port=1    | The block 'mail-server/offce' doesn't exist. Did you mean 'mail-server/office'?
          block delete mail-server/offce        | The block 'mail-server/offce' doesn't exist. Did you mean 'mail-server/office'?
          block check mail-server/offce         | The block 'mail-server/offce' doesn't exist. Did you mean 'mail-server/office'?
          storage ls mail-server/offce/x        | The block 'mail-server/offce' doesn't exist. Did you mean 'mail-server/office'?
          block create sting x --set value=1    | The block type 'sting' isn't installed; add a jar that lists it in META-INF/services/dev.sheave.block.BlockProvider to the class path or to SHEAVE_HOME/plugins. Did you mean 'string'?
          block inspect office                  | 'office' isn't a block reference; write the block's type, a slash and its name, such as 's3/log-test'.
          block inspect mail-server/office/x    | 'mail-server/office/x' isn't a block reference; write the block's type, a slash and its name, such as 's3/log-test'.
          block set office port=1               | 'office' isn't a block reference; write the block's type, a slash and its name, such as 's3/log-test'.
          block delete /office                  | '/office' isn't a block reference; write the block's type, a slash and its name, such as 's3/log-test'.
          block create string greeting --set value=2 | The block 'string/greeting' already exists; --overwrite replaces its values, 'sheave block set' changes some of them.
          block create string x --set valu=2    | The block type 'string' has no field 'valu'. Did you mean 'value'?
          block set mail-server/office hots=x   | The block type 'mail-server' has no field 'hots'. Did you mean 'host'?
          block set mail-server/office limits.per_minut=1 | The block type 'mail-server' has no field 'limits.per_minut'. Did you mean 'per_minute'?
          block set mail-server/office host.x=1 | 'host' must be a string, so 'host.x' doesn't exist.
          block set mail-server/office host[0]=1 | 'host[0]' is an entry of a list, but the field must be a string.
          block set mail-server/office aliases[x]=1 | 'aliases[x]' isn't an entry of a list; write its index, such as list[0].
          block set mail-server/office aliases[3]=1 | 'aliases[3]' leaves a gap: the list has 0 entries, so the next index is 0.
          block set mail-server/office port=many | 'port' must be a whole number, not 'many'.
          block set mail-server/office port=1.5 | 'port' must be a whole number, not 1.5.
          block set mail-server/office limits=5 | 'limits' must be an object, not 5.
          block set mail-server/office 'limits={"per_minute":"x"}' | 'limits.per_minute' must be a whole number, not 'x'.
          block set mail-server/office aliases=a | 'aliases' must be a list, not 'a'.
          block set mail-server/office encryption=SSL | 'encryption' must be one of NONE, STARTTLS, TLS, not 'SSL'.
          block set mail-server/office encryption=tls | 'encryption' must be one of NONE, STARTTLS, TLS, not 'tls'. Did you mean 'TLS'?
          block create mailer m --set server=mail-server/gone --set archive=local-file-system/gone | The block 'mail-server/gone' doesn't exist. Did you mean 'mail-server/office'?\\nThe block 'local-file-system/gone' doesn't exist.
          block create mailer m --set server=office --set archive=x/y | 'server' must be a block: 'type/name', or an object with its values, not a string.\\nThe block 'x/y' doesn't exist. The block type 'x' doesn't exist either.
          block create mailer m --set server=string/greeting --set archive=x/y | 'server' must be a MailServer, not a block of the type 'string'.\\nThe block 'x/y' doesn't exist. The block type 'x' doesn't exist either.
          block check string/greeting           | The block 'string/greeting' lacks the 'get-directory' capability; 'sheave block ls --capability get-directory' lists those that have it.
          storage put string/greeting .         | The block 'string/greeting' lacks the 'get-directory' capability; 'sheave block ls --capability get-directory' lists those that have it.
          """)
  void mistakesAreNamed(String line, String sentence) {
    isRefused(shell.sheave(line), sentence.replace("\\n", "\n"));
  }

  static Stream<Arguments> badNames() {
    return Stream.of(
        Arguments.of("My_Block", "unlike 'My_Block'. Try 'my-block'."),
        Arguments.of("a.b", "unlike 'a.b'. Try 'a-b'."),
        Arguments.of("a b", "unlike 'a b'. Try 'a-b'."),
        Arguments.of("rocket-\ud83d\ude80", "unlike 'rocket-\ud83d\ude80'. Try 'rocket'."),
        Arguments.of("a\n", "unlike 'a\u240a'. Try 'a'."));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void aBadNameIsRefusedWithOneThatWouldDo(String name, String end) {
    isRefused(
        shell.run("block", "create", "string", name, "--set", "value=1"),
        "Block document name must only contain lowercase letters, numbers, and dashes, " + end);
  }

  @Test
  void aNameMustBeThereAndNotEndless() {
    isRefused(
        shell.run("block", "create", "string", "", "--set", "value=1"),
        "Block document name must not be empty.");
    isRefused(
        shell.run("block", "create", "string", "x".repeat(300), "--set", "value=1"),
        "Block document name must be no longer than 200 characters; this one has 300.");
    isRefused(
        shell.run("block", "inspect", "string/"),
        "'string/' isn't a block reference; write the block's type, a slash and its name, such as"
            + " 's3/log-test'.");
    assertThat(shell.run("block", "inspect", "x\ny").err())
        .startsWith("'x\u240ay' isn't a block reference");
  }

  @Test
  void aFileThatHoldsNoValuesIsRefused() throws IOException {
    Path work = shell.directory();
    shell.write("broken.json", "{\"value\": s3cr3t}");
    isRefused(
        shell.sheave("block create string x --from broken.json"),
        "'broken.json' isn't JSON: line 1, column 11.");
    shell.write("list.yaml", "- a\n");
    isRefused(
        shell.sheave("block create string x --from list.yaml"),
        "'list.yaml' must hold an object with the block's fields.");
    shell.write("unknown.yaml", "valu: a\n");
    isRefused(
        shell.sheave("block create string x --from unknown.yaml"),
        "The block type 'string' has no field 'valu'. Did you mean 'value'?");
    shell.write("number.yaml", "value: 5\n");
    assertThat(shell.sheave("block create string typed --from number.yaml").code()).isZero();
    assertThat(shell.sheave("block inspect string/typed -o json").out()).contains("\"5\"");
    before = shell.sheave("block ls -o json").out();
    shell.write("wrong.yaml", "value: [5]\n");
    isRefused(
        shell.sheave("block create string x --from wrong.yaml"),
        "'value' must be a string, not a list.");
    isRefused(
        shell.sheave("block create string x --from none.yaml"),
        "The file '" + work.resolve("none.yaml") + "' with the values doesn't exist.");
    Files.write(work.resolve("utf-16"), new byte[] {(byte) 0xff, (byte) 0xfe});
    isRefused(
        shell.sheave("block create string x --set value=@file:utf-16"),
        "The file '"
            + work.resolve("utf-16")
            + "' for the field 'value' can't be read: it is UTF-16 text; save it as UTF-8.");
    Files.write(work.resolve("binary"), new byte[] {(byte) 0xc3, (byte) 0x28});
    isRefused(
        shell.sheave("block create string x --set value=@file:binary"),
        "The file '"
            + work.resolve("binary")
            + "' for the field 'value' can't be read: it isn't UTF-8 text.");
    isRefused(
        shell.sheave("block create secret x --set value=@env:NOWHERE"),
        "The environment variable 'NOWHERE' for the field 'value' isn't set.");
  }

  @Test
  void aLargeValueIsKeptAsItIs() throws IOException {
    String large = "0123456789".repeat(400_000);
    shell.write("large.txt", large);
    assertThat(shell.sheave("block create string large --set value=@file:large.txt").code())
        .isZero();
    assertThat(shell.data("string/large").get("value")).isEqualTo(large);
    assertThat(shell.sheave("block inspect string/large").out()).contains(large);
    assertThat(shell.sheave("block set string/large value=small").code()).isZero();
    before = shell.sheave("block ls -o json").out();

    Result wrong = shell.sheave("block set mail-server/office port=@file:large.txt");
    isRefused(wrong, "'port' must be a whole number, not a string of 4000000 characters.");
  }

  @Test
  void aWrongEncryptionKeyIsNamedByItsSource() throws IOException {
    Path key = shell.home().resolve("encryption.key");
    byte[] right = Files.readAllBytes(key);
    Shell other = new Shell(folder.resolve("other"));
    other.sheave("block create string x --set value=1");
    Files.copy(other.home().resolve("encryption.key"), key, StandardCopyOption.REPLACE_EXISTING);
    for (String line :
        new String[] {
          "block ls",
          "block inspect mail-server/office",
          "block set mail-server/office port=1",
          "block create string x --set value=1"
        }) {
      Result refused = shell.sheave(line);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err()).contains(key.toString()).doesNotContain("s3cr3t");
      assertThat(refused.err().lines()).hasSize(1);
    }
    Files.write(key, right);
    assertThat(shell.sheave("block ls -o json").out()).isEqualTo(before);
  }
}
