package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code block create} on a terminal, and where nobody can be asked. */
class BlockQuestionsTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUser() throws IOException {
    shell = new Shell(folder);
  }

  @Test
  void whatIsMissingIsAskedForAndAWrongAnswerAgain() {
    shell.answering("smtp.example.com", "", "4", "SSL", "2", "s3cr3t", "n");

    Result created = shell.sheave("block create mail-server office");

    assertThat(created.out()).contains("Created block 'mail-server/office'", "  2) STARTTLS");
    assertThat(created.err())
        .contains(
            "'encryption' is required.",
            "4 isn't a number in the list.",
            "'encryption' must be one of NONE, STARTTLS, TLS, not 'SSL'.")
        .doesNotContain("s3cr3t");
    assertThat(shell.questions())
        .startsWith("host (such as smtp.example.com): ", "encryption [1-3]: ")
        .endsWith("password: *", "Set optional fields too (port, aliases, limits)? [y/N] ");
    assertThat(shell.data("mail-server/office"))
        .extracting("host", "port", "encryption", "password")
        .containsExactly("smtp.example.com", 587, "STARTTLS", "********");
  }

  @Test
  void whatIsGivenIsNotAskedFor() {
    shell.answering("s3cr3t", "yes", "25", "", "{\"per_minute\": 60}");

    shell.sheave("block create mail-server office --set host=h --set encryption=TLS");

    assertThat(shell.questions()).first().isEqualTo("password: *");
    assertThat(shell.data("mail-server/office"))
        .extracting("port", "aliases", "limits")
        .containsExactly(25, null, Map.of("per_minute", 60, "timeout", 30));
  }

  @Test
  void theFieldsOfARecordAreAskedForOneByOne() {
    shell.answering("60", "n").set("P", "s3cr3t");

    shell.sheave(
        "block create mail-server office --set host=h --set encryption=TLS --set"
            + " password=@env:P --set limits.timeout=10");

    assertThat(shell.questions())
        .containsExactly("limits.per_minute: ", "Set optional fields too (port, aliases)? [y/N] ");
    assertThat(shell.data("mail-server/office").get("limits"))
        .isEqualTo(Map.of("per_minute", 60, "timeout", 10));
  }

  @Test
  void blocksArePickedFromThoseThatFit() {
    shell.set("P", "s3cr3t");
    shell.sheave(
        "block create mail-server office --set host=h --set encryption=TLS --set password=@env:P");
    shell.sheave("block create string other --set value=1");
    shell.sheave("block create local-file-system copies --set basepath=/tmp/copies");
    shell.answering("1", "local-file-system/copies");

    Result created = shell.sheave("block create mailer daily");

    assertThat(created.out())
        .contains("  1) mail-server/office\n", "  1) local-file-system/copies\n")
        .doesNotContain("string/other");
    assertThat(shell.sheave("block inspect -o json mailer/daily").jsonObject())
        .extracting("block_document_references")
        .asString()
        .contains("office", "copies");
  }

  @Test
  void whereNoBlockFitsTheWayToOneIsSaid() {
    shell.answering("1");
    Result refused = shell.sheave("block create mailer daily");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "No block for 'server' has been saved yet; create one first with 'sheave block create"
                + " mail-server NAME'.");
  }

  @Test
  void whoLeavesSavesNothing() {
    shell.answering("smtp.example.com");
    Result left = shell.sheave("block create mail-server office");
    assertThat(left.code()).isEqualTo(130);
    assertThat(left.err()).contains("nothing was saved");
    assertThat(shell.sheave("block ls -o json").jsonList()).isEmpty();
  }

  @Test
  void aTakenNameIsSaidBeforeAnythingIsAsked() {
    shell.sheave("block create string s --set value=1");
    shell.answering("2");
    assertThat(shell.sheave("block create string s").err()).contains("'string/s' already");
    assertThat(shell.questions()).isEmpty();
  }

  @Test
  void whereNobodyCanBeAskedTheFieldAndTheWayToGiveItAreNamed() {
    for (String[] each :
        new String[][] {
          {
            "block create string x",
            "'value' is missing; it must be a string; set it with --set value=VALUE.\n"
          },
          {
            "block create secret x",
            "'value' is missing; it must be a string; set it with --set value=@env:VARIABLE,"
                + " =@file:PATH or =@-.\n"
          },
          {
            "block create mail-server x --set limits.timeout=5",
            "'host' is missing; it must be a string; set it with --set host=VALUE.\n"
                + "'encryption' is missing; it must be one of NONE, STARTTLS, TLS; set it with --set"
                + " encryption=VALUE.\n"
                + "'password' is missing; it must be a string; set it with --set"
                + " password=@env:VARIABLE, =@file:PATH or =@-.\n"
                + "'limits.per_minute' is missing; it must be a whole number; set it with --set"
                + " limits.per_minute=VALUE.\n"
          },
        }) {
      Result refused = shell.sheave(each[0]);
      assertThat(refused.err()).isEqualTo(each[1]);
      assertThat(refused.code()).isEqualTo(1);
    }
    assertThat(shell.sheave("block ls -o json").json()).isEqualTo(List.of());
  }
}
