package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and files are taken as they were typed. */
class ArgumentsAsTypedTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUserWithAFileThatLooksLikeArguments() throws IOException {
    shell = new Shell(folder);
    shell.write("args", "--overwrite\n--set value=other\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${HOME}",
        "$HOME",
        "${sys:user.home}",
        "${env:PATH:-x}",
        "%HOME%",
        "'quoted'",
        "it's",
        "a \"b\" c",
        " blank ",
        "",
        "a=b=c",
        "=",
        "-x",
        "--set",
        "trailing\\",
        "C:\\new\\table",
        "two\nlines",
        "tab\there",
        "grüße 😀",
        "a,b;c|d",
        "#no comment",
        "%n%s",
        "~/x",
        "*"
      })
  void aValueIsWhatWasTyped(String value) {
    Shell.Result created = shell.run("block", "create", "string", "s", "--set", "value=" + value);

    assertThat(created.code()).as(created.toString()).isZero();
    assertThat(shell.data("string/s")).isEqualTo(Map.of("value", value));
  }

  @Test
  void anArgumentThatStartsWithAtIsNoFileOfArguments() {
    String args = "@" + shell.directory().resolve("args");

    assertThat(shell.run("block", "create", "string", args).err())
        .contains("unlike '" + args + "'");
    assertThat(shell.run("block", "create", "string", "s", "--set", "value=@" + args).code())
        .isZero();
    assertThat(shell.data("string/s")).isEqualTo(Map.of("value", args));
  }

  @Test
  void aFileOfValuesMayBeOneOfAnotherEditorsAndItsTextsStayTexts() throws IOException {
    shell.write("values.yaml", "\uFEFFvalue: 1.10\r\n");
    shell.write("secret.txt", "\uFEFFtop secret\r\n");

    assertThat(shell.run("block", "create", "string", "s", "--from", "values.yaml").code())
        .isZero();
    assertThat(
            shell.run("block", "create", "string", "t", "--set", "value=@file:secret.txt").code())
        .isZero();
    assertThat(
            shell
                .input("\uFEFFfrom input\n")
                .run("block", "create", "string", "u", "--set", "value=@-")
                .code())
        .isZero();

    assertThat(shell.data("string/s")).isEqualTo(Map.of("value", "1.10"));
    assertThat(shell.data("string/t")).isEqualTo(Map.of("value", "top secret"));
    assertThat(shell.data("string/u")).isEqualTo(Map.of("value", "from input"));
  }

  @Test
  void aDatabaseOfAProfileIsTheSameInAnyDirectory() {
    assertThat(shell.sheave("config set SHEAVE_API_URL=jdbc:sqlite:mine.db").out())
        .contains("'jdbc:sqlite:" + Path.of("mine.db").toAbsolutePath() + "'");
  }
}
