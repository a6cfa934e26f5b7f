package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deployment build} and {@code apply}: what they change, say and refuse. */
class DeploymentApplyTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void twoFlows() throws IOException {
    shell = new Shell(folder);
    shell.write(
        "Flows.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.Param;

        public final class Flows {
          @Flow public static void first(@Param(value = "name", defaultValue = "you") String name) {}
          @Flow public static void second() {}
        }
        """);
    shell.sheave("block create local-file-system code --set basepath=" + folder.resolve("storage"));
  }

  private String build(String method, String more) {
    Result result =
        shell.sheave(
            "deployment build Flows.java:"
                + method
                + " -n here -sb local-file-system/code -q test -o "
                + method
                + ".yaml "
                + more);
    assertThat(result.err()).isEmpty();
    return result.out();
  }

  private void edit(String file, String text, String other) throws IOException {
    Path path = shell.directory().resolve(file);
    String written = Files.readString(path);
    assertThat(written).contains(text);
    Files.writeString(path, written.replace(text, other));
  }

  @Test
  void aDryRunShowsWhatWouldBeCreatedAndDoesNothing() {
    build("first", "-t nightly");

    Result dry = shell.sheave("deployment apply --dry-run first.yaml");

    assertThat(dry.out())
        .startsWith("Successfully loaded 'here'\nDeployment 'first/here' would be created:\n")
        .contains("  + tags: [\"nightly\"]\n", "  + storage: \"local-file-system/code\"\n")
        .doesNotContain("description");
    assertThat(shell.sheave("deployment ls -o json").jsonList()).isEmpty();
  }

  @Test
  void applyingAgainSaysWhatHasChanged() throws IOException {
    build("first", "-t nightly --param name=Marvin --override env.LEVEL=INFO -d text --apply");
    edit("first.yaml", "name: Marvin", "name: Zaphod");
    edit("first.yaml", "description: text", "description: null");
    edit("first.yaml", "env.LEVEL: INFO", "env.LEVEL: INFO\n  env.MORE: x");
    String changes =
        """
          - description: "text"
          ~ parameters.name: "Marvin" -> "Zaphod"
          + infra_overrides.env.MORE: "x"
        """;

    assertThat(shell.sheave("deployment apply --dry-run first.yaml").out())
        .isEqualTo(
            "Successfully loaded 'here'\nDeployment 'first/here' would be updated:\n" + changes);
    assertThat(shell.sheave("deployment apply first.yaml").out())
        .containsPattern("successfully updated with id '[0-9a-f-]+'\\.\n\\Q" + changes + "\\E\n");
    assertThat(shell.sheave("deployment apply first.yaml").out())
        .containsPattern("successfully updated with id '[0-9a-f-]+'\\.\n  Nothing has changed\\.");
    assertThat(shell.sheave("deployment apply --dry-run first.yaml").out())
        .endsWith("Deployment 'first/here' would stay as it is.\n");
  }

  @Test
  void severalFilesAreAppliedTogether() {
    build("first", "");
    build("second", "");

    Result applied = shell.sheave("deployment apply first.yaml second.yaml --upload -l 2");

    assertThat(applied.err()).isEmpty();
    assertThat(applied.out())
        .containsSubsequence(
            "Successfully uploaded 1 file to ",
            "Deployment 'first/here' successfully created",
            "Deployment 'second/here' successfully created",
            "To execute flow runs from these deployments")
        .containsOnlyOnce("$ sheave agent start -q 'test'");
    assertThat(shell.sheave("deployment ls -o json").jsonList()).hasSize(2);
  }

  @Test
  void ifOneOfThemIsWrongNoneIsAppliedOrUploaded() throws IOException {
    build("first", "--skip-upload");
    build("second", "--skip-upload");
    edit("second.yaml", "entrypoint:", "entrypont:");

    Result result = shell.sheave("deployment apply first.yaml second.yaml --upload");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .matches(
            "'.*/second\\.yaml' has 2 problems:\n"
                + "  'entrypoint' is missing; it must be a string\\.\n"
                + "  line \\d+, column 1: a deployment has no key 'entrypont'\\."
                + " Did you mean 'entrypoint'\\?\n");
    assertThat(shell.sheave("deployment ls -o json").jsonList()).isEmpty();
    assertThat(folder.resolve("storage")).doesNotExist();
  }

  @Test
  void theProblemsOfAllFilesAreSaid() throws IOException {
    build("first", "--skip-upload");
    build("second", "--skip-upload");
    edit("first.yaml", "tags: []", "tags: one");
    edit("second.yaml", "entrypoint:", "entrypont:");

    assertThat(shell.sheave("deployment apply first.yaml second.yaml").err())
        .matches(
            "'.*/first\\.yaml', line \\d+, column \\d+: 'tags' must be a list of strings\\.\n"
                + "'.*/second\\.yaml' has 2 problems:\n(.*\n){2}");
  }

  @Test
  void ifOneOfThemIsRefusedByTheStoreNoneIsApplied() throws IOException {
    build("first", "");
    build("second", "");
    edit("second.yaml", "work_pool_name: null", "work_pool_name: nowhere");

    Result result = shell.sheave("deployment apply first.yaml second.yaml");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("nowhere");
    assertThat(shell.sheave("deployment ls -o json").jsonList()).isEmpty();
  }

  @Test
  void aFileThatRefersToABlockThatIsGoneIsRefused() {
    build("first", "");
    shell.sheave("block delete local-file-system/code");

    assertThat(shell.sheave("deployment apply first.yaml").err())
        .matches(
            "'.*/first\\.yaml', line \\d+, column 1: 'storage': The block"
                + " 'local-file-system/code' doesn't exist\\.\n");
  }

  @Test
  void aBarShowsUploadsOnATerminalOnly() {
    assertThat(build("first", "")).doesNotContain("Uploading").doesNotContain("\r");

    shell.onTerminal().set("NO_COLOR", "1");
    assertThat(build("second", ""))
        .contains("\r\u001b[KUploading [")
        .contains("\r\u001b[KSuccessfully uploaded 2 files to ");
  }

  @Test
  void theSchemaForEditorsIsPrinted() {
    assertThat(shell.sheave("deployment schema").jsonObject())
        .containsEntry("title", "Sheave deployment");
  }

  @Test
  @DisplayName(
      "case 38: overrides are stored by their dotted keys, values are what the field needs")
  void overrides() {
    build("first", "--override env.dog=1 --override labels.your.cat=test --apply");

    assertThat(
            shell
                .sheave("deployment inspect first/here -o json")
                .jsonObject()
                .get("infra_overrides"))
        .isEqualTo(Map.of("env.dog", "1", "labels.your.cat", "test"));
  }

  @Test
  @DisplayName("case 38: parameters are JSON or plain text")
  void parameters() throws IOException {
    shell.write(
        "Typed.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.Param;
        import java.util.List;

        public final class Typed {
          @Flow public static void typed(
              @Param("text") String text, @Param("number") int number,
              @Param("list") List<String> list) {}
        }
        """);

    Result built =
        shell.sheave(
            "deployment build Typed.java:typed -n here --skip-upload -a --param text=12"
                + " --param number=12 --param 'list=[\"a\", \"b\"]'");
    assertThat(built.err()).isEmpty();
    assertThat(shell.sheave("deployment inspect typed/here -o json").jsonObject().get("parameters"))
        .isEqualTo(Map.of("text", "12", "number", 12, "list", List.of("a", "b")));
    assertThat(shell.sheave("deployment build Typed.java:typed -n x --param number=twelve").err())
        .contains("'number'")
        .contains("twelve");
  }

  @Test
  @DisplayName("case 38: the output is a .yaml file; the suffix may be left out")
  void output() {
    assertThat(shell.sheave("deployment build Flows.java:first -n x --skip-upload -o out").out())
        .contains(shell.directory().resolve("out.yaml").toString());
    Result wrong = shell.sheave("deployment build Flows.java:first -n x --skip-upload -o out.yml");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("Output file must be a '.yaml' file");
  }

  @Test
  @DisplayName("case 38: infrastructure by type or by block, not both")
  void infrastructure() {
    Result both =
        shell.sheave("deployment build Flows.java:first -n x -i process -ib process/mine");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).isEqualTo("Only one of --infra and --infra-block can be given.\n");
    for (String type : List.of("local-file-system", "secret")) {
      assertThat(shell.sheave("deployment build Flows.java:first -n x -i " + type).err())
          .contains("The block type '" + type + "' isn't infrastructure", "in-process, process");
      assertThat(shell.sheave("infra ls " + type).err()).contains("isn't infrastructure");
    }
  }

  @Test
  @DisplayName("case 38: without a name nothing happens")
  void name() {
    Result result = shell.sheave("deployment build Flows.java:first");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("A name for this deployment must be provided with the '--name' flag.\n");
  }

  @Test
  @DisplayName("case 38: --skip-upload uploads nothing")
  void skipUpload() {
    assertThat(build("first", "--skip-upload")).doesNotContain("uploaded");
    assertThat(folder.resolve("storage")).doesNotExist();
  }
}
