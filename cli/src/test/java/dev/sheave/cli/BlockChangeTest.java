package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values as people write them: one by one, in files, and over others. */
class BlockChangeTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aMailServer() throws IOException {
    shell = new Shell(folder).set("P", "s3cr3t");
    shell.sheave(
        "block create mail-server office --set host=h --set encryption=TLS --set password=@env:P"
            + " --set aliases[0]=a --set aliases[1]=b --set limits.per_minute=60");
  }

  /** What flows are given. */
  private String password(String reference) {
    try (dev.sheave.Sheave sheave = dev.sheave.Sheave.builder().home(shell.home()).connect()) {
      return sheave
                  .api()
                  .blocks()
                  .findBlockDocument(
                      reference.substring(0, reference.indexOf('/')),
                      reference.substring(reference.indexOf('/') + 1),
                      true)
                  .orElseThrow()
                  .data()
                  .get("password")
              instanceof String text
          ? text
          : "none";
    }
  }

  @Test
  void nestedFieldsAndListsAreSetOneByOneOrAsJson() {
    assertThat(shell.data("mail-server/office"))
        .extracting("aliases", "limits")
        .containsExactly(List.of("a", "b"), Map.of("per_minute", 60, "timeout", 30));

    Result set =
        shell.sheave(
            "block set mail-server/office aliases[1]=c aliases[2]=d limits.timeout=PT1M port=25");
    assertThat(set.out()).isEqualTo("Updated block 'mail-server/office'.\n");
    assertThat(set.err()).isEmpty();
    assertThat(shell.data("mail-server/office"))
        .extracting("aliases", "limits", "port", "host")
        .containsExactly(List.of("a", "c", "d"), Map.of("per_minute", 60, "timeout", 60), 25, "h");

    shell.sheave("block set mail-server/office 'aliases=[\"x\"]' 'limits={\"per_minute\": 1}'");
    assertThat(shell.data("mail-server/office"))
        .extracting("aliases", "limits")
        .containsExactly(List.of("x"), Map.of("per_minute", 1, "timeout", 30));
    assertThat(password("mail-server/office")).isEqualTo("s3cr3t");
  }

  @Test
  void nullClears() {
    shell.sheave("block set mail-server/office limits=null aliases[0]=null port=null");
    assertThat(shell.data("mail-server/office"))
        .extracting("limits", "aliases", "port")
        .containsExactly(null, List.of("b"), 587);

    shell.sheave("block set mail-server/office 'host=\"null\"'");
    assertThat(shell.data("mail-server/office").get("host")).isEqualTo("null");

    Result refused = shell.sheave("block set mail-server/office host=null");
    assertThat(refused.err()).isEqualTo("'host' is missing; it must be a string.\n");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(shell.data("mail-server/office").get("host")).isEqualTo("null");
  }

  @Test
  void aSecretIsReplacedFromWhereItIs() {
    shell.set("NEW", "n3w");
    Result set = shell.sheave("block set mail-server/office password=@env:NEW");
    assertThat(set.err()).isEmpty();
    assertThat(password("mail-server/office")).isEqualTo("n3w");
    assertThat(shell.sheave("block set mail-server/office password=pl4in").err())
        .startsWith("Warning: the value of password is now in your shell's history;")
        .doesNotContain("pl4in");
    Result mask = shell.sheave("block set mail-server/office password=********");
    assertThat(mask.code()).isEqualTo(1);
    assertThat(mask.err()).contains("'password' is a mask and not the secret itself");
    assertThat(password("mail-server/office")).isEqualTo("pl4in");
  }

  @Test
  void valuesComeFromAFileOrStandardInput() throws IOException {
    shell.write("m.yaml", "host: y\nencryption: NONE\npassword: fr0m-yaml\naliases: [q]\n");
    assertThat(shell.sheave("block create mail-server y --from m.yaml --set port=1").err())
        .isEmpty();
    assertThat(shell.data("mail-server/y"))
        .extracting("host", "port", "aliases", "password")
        .containsExactly("y", 1, List.of("q"), "********");
    assertThat(password("mail-server/y")).isEqualTo("fr0m-yaml");

    shell.write("m.json", "{\"host\": \"5\", \"encryption\": \"TLS\", \"password\": \"p\"}");
    shell.sheave("block create mail-server j --from m.json");
    assertThat(shell.data("mail-server/j").get("host")).isEqualTo("5");

    shell.input("{\"host\": \"i\", \"encryption\": \"TLS\", \"password\": \"p\"}");
    shell.sheave("block create mail-server i --from -");
    assertThat(shell.data("mail-server/i").get("host")).isEqualTo("i");
  }

  @Test
  void aMaskInAFileKeepsWhatIsStoredAndIsRefusedWhereNothingIs() throws IOException {
    shell.write("m.yaml", "host: other\nencryption: NONE\npassword: '********'\n");

    Result refused = shell.sheave("block create mail-server new --from m.yaml");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).startsWith("'password' is a mask and not the secret itself;");

    Result updated = shell.sheave("block create mail-server office --from m.yaml --overwrite");
    assertThat(updated.err()).isEmpty();
    assertThat(updated.out()).startsWith("Updated block 'mail-server/office'");
    assertThat(shell.data("mail-server/office"))
        .extracting("host", "aliases", "limits")
        .containsExactly("other", null, null);
    assertThat(password("mail-server/office")).isEqualTo("s3cr3t");
  }

  @Test
  void whatInspectPrintedGoesBackUnlessTheBlockWasChangedSince() throws IOException {
    shell.sheave("block create local-file-system copies --set basepath=/tmp/copies");
    shell.sheave(
        "block create mailer daily --set server=mail-server/office --set"
            + " archive=local-file-system/copies");
    String inspected = shell.sheave("block inspect -o json mailer/daily").out();
    shell.write("daily.json", inspected);
    assertThat(shell.sheave("block create mailer daily --from daily.json --overwrite").code())
        .isZero();
    assertThat(shell.sheave("block inspect -o json mailer/daily").jsonObject())
        .extracting("block_document_references")
        .asString()
        .contains("office", "copies");

    Result stale = shell.sheave("block create mailer daily --from daily.json --overwrite");
    assertThat(stale.code()).isEqualTo(1);
    assertThat(stale.err())
        .isEqualTo(
            "The block 'mailer/daily' was changed after this file was created from it; inspect"
                + " it again and repeat your change.\n");
  }

  @Test
  void aStaleCopyIsRefused() {
    // while one user types a value, another changes the block
    shell.input(
        new ByteArrayInputStream("typed".getBytes(StandardCharsets.UTF_8)) {
          private boolean isFirst = true;

          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            if (isFirst) {
              isFirst = false;
              shell.sheave("block set mail-server/office port=26");
            }
            return super.read(bytes, offset, length);
          }
        });
    Result stale = shell.sheave("block set mail-server/office host=@-");
    assertThat(stale.code()).isEqualTo(1);
    assertThat(stale.err())
        .isEqualTo(
            "The block 'mail-server/office' was changed after this copy of it was loaded; load it"
                + " again, make the change and save it.\n");
    assertThat(shell.data("mail-server/office"))
        .extracting("host", "port")
        .containsExactly("h", 26);
  }

  @Test
  void aBlockInUseIsDeletedByForceAlone() {
    shell.sheave("block create local-file-system copies --set basepath=/tmp/copies");
    shell.sheave(
        "block create mailer daily --set server=mail-server/office --set"
            + " archive=local-file-system/copies");

    Result refused = shell.sheave("block delete mail-server/office");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo(
            "The block 'mail-server/office' is in use by block mailer/daily; change those first, or"
                + " detach them with --force.\n");
    assertThat(shell.sheave("block delete mail-server/office --force").out())
        .isEqualTo("Deleted block 'mail-server/office', and detached block mailer/daily.\n");

    // what lost a reference is mended by 'set'
    assertThat(shell.sheave("block inspect mailer/daily").code()).isZero();
    shell.sheave(
        "block create mail-server spare --set host=h --set encryption=TLS --set password=@env:P");
    assertThat(shell.sheave("block set mailer/daily server=mail-server/spare").err()).isEmpty();
    assertThat(shell.sheave("block delete mail-server/spare").code()).isEqualTo(1);
  }

  @Test
  void listsAreNarrowed() {
    shell.sheave("block create local-file-system copies --set basepath=/tmp/copies");
    assertThat(shell.sheave("block ls --type mail-server -o json").jsonList())
        .extracting(block -> block.get("name"))
        .containsExactly("office");
    assertThat(shell.sheave("block ls --capability put-directory -o json").jsonList())
        .extracting(block -> block.get("name"))
        .containsExactly("copies");
    assertThat(shell.sheave("block ls --type mail-server --type local-file-system").out().lines())
        .hasSize(3);
    assertThat(shell.sheave("block ls --type mail-servr").err())
        .isEqualTo("The block type 'mail-servr' doesn't exist. Did you mean 'mail-server'?\n");
    assertThat(shell.sheave("block ls --capability put-directry").err())
        .isEqualTo(
            "No block type has the capability 'put-directry'. Did you mean 'put-directory'?\n");
    assertThat(shell.sheave("block ls --type string").err()).isEqualTo("No blocks match.\n");
  }

  @Test
  void typesAreInspectedAndDeleted() {
    assertThat(shell.sheave("block type inspect mail-server").out())
        .containsPattern("Name +Mail Server\n")
        .containsPattern("encryption +NONE \\| STARTTLS \\| TLS +yes +How connections")
        .containsPattern("password +secret +yes")
        .containsPattern("port +whole number +no +587 ");
    assertThat(shell.sheave("block type inspect mail-server -o json").jsonObject())
        .containsEntry("slug", "mail-server")
        .containsEntry("is_here", true)
        .containsKey("fields");
    assertThat(shell.sheave("block type inspect mail-servr").err())
        .isEqualTo("The block type 'mail-servr' doesn't exist. Did you mean 'mail-server'?\n");

    assertThat(shell.sheave("block type delete mail-server").err())
        .isEqualTo(
            "The block type 'mail-server' still has a block (mail-server/office); delete them"
                + " first, or delete all with --force.\n");
    assertThat(shell.sheave("block type delete mail-server --force").out())
        .isEqualTo("Deleted block type 'mail-server', and mail-server/office.\n");
    assertThat(shell.sheave("block type delete mail-server").err())
        .isEqualTo(
            "The block type 'mail-server' isn't in the store; there is nothing to delete.\n");
    shell.sheave("block register local-file-system");
    Result refused = shell.sheave("block type delete local-file-system");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("protected");
  }

  @Test
  void theCodeIsShownForTheBlockAtHand() {
    shell.sheave("block create local-file-system copies --set basepath=/tmp/copies");
    assertThat(shell.sheave("block inspect local-file-system/copies --show-code").out())
        .isEqualTo(
            "LocalFileSystem storage = Block.load(\"local-file-system/copies\","
                + " LocalFileSystem.class);\n");
    Result none = shell.sheave("block inspect mail-server/office --show-code");
    assertThat(none.err()).isEqualTo("The block type 'mail-server' has no code example.\n");
  }
}
