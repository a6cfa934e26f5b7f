package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentCommandsTest {
  private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String BUILD =
      "deployment build ./LogFlow.java:logFlow -n log-flow-local -sb local-file-system/code -q test"
          + " -o log-flow-local.yaml";

  @TempDir Path folder;
  Shell shell;
  Path storage;

  @BeforeEach
  void aFlowAndStorageForIt() throws IOException {
    shell = new Shell(folder);
    storage = folder.resolve("storage");
    shell.write(
        "LogFlow.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;
        import dev.sheave.flow.Param;

        public final class LogFlow {
          @Flow(name = "log-flow")
          public static String logFlow(@Param("name") String name) {
            FlowRunContext.current().logger().info(Greeting.of(name));
            return name;
          }
        }
        """);
    shell.write(
        "Greeting.java",
        "class Greeting { static String of(String name) { return \"Hello \" + name + \"!\"; } }\n");
    shell.write("data/words.txt", "hello\n");
    shell.sheave("block create local-file-system code --set basepath=" + storage);
  }

  @Test
  void theTutorialsCommandsInTheirOrder() throws IOException {
    Path yaml = shell.directory().resolve("log-flow-local.yaml");
    for (int time = 1; time <= 2; time++) {
      Result built = shell.sheave(BUILD);
      assertThat(built.err()).isEmpty();
      assertThat(built.out())
          .isEqualTo(
              "Found flow 'log-flow'\nSuccessfully uploaded 3 files to "
                  + storage
                  + "\nDeployment YAML created at '"
                  + yaml
                  + "'.\n");
    }
    assertThat(storage.resolve("data/words.txt")).exists();
    assertThat(storage.resolve("log-flow-local.yaml")).doesNotExist();

    Result applied = shell.sheave("deployment apply log-flow-local.yaml");
    assertThat(applied.out())
        .matches(
            "Successfully loaded 'log-flow-local'\n"
                + "Deployment 'log-flow/log-flow-local' successfully created with id '"
                + ID
                + "'\\.\n\n"
                + "To execute flow runs from this deployment, start an agent that pulls work from"
                + " the 'test' work queue:\n"
                + "\\$ sheave agent start -q 'test'\n");
    assertThat(shell.sheave("deployment apply log-flow-local.yaml").out())
        .contains("successfully updated with id");

    Result run = shell.sheave("deployment run log-flow/log-flow-local --param name=Marvin");
    assertThat(run.out())
        .matches(
            "Creating flow run for deployment 'log-flow/log-flow-local'\\.\\.\\.\n"
                + "Created flow run '[a-z-]+'\\.\n"
                + "└── UUID: "
                + ID
                + "\n"
                + "└── Parameters: \\{\"name\":\"Marvin\"}\n"
                + "└── Scheduled start time: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC"
                + " \\(now\\)\n");

    Files.delete(shell.directory().resolve("LogFlow.java"));
    Result agent = shell.sheave("agent start -q test --run-once");
    assertThat(agent.code()).isZero();
    assertThat(agent.out())
        .contains("agent connected to jdbc:sqlite:" + shell.home().resolve("sheave.db"))
        .contains("Agent started! Looking for work from queue(s): test...\n")
        .contains("Hello Marvin!")
        .endsWith("Agent stopped!\n");

    Map<String, ?> newest = shell.sheave("flow-run ls -o json").jsonList().get(0);
    assertThat(newest.get("state_name")).isEqualTo("Completed");
    assertThat(newest.get("flow_name")).isEqualTo("log-flow");
    assertThat(shell.sheave("flow-run ls").out())
        .contains(String.valueOf(newest.get("id")), "Completed");
    assertThat(shell.sheave("flow-run ls --state failed -o json").jsonList()).isEmpty();
    assertThat(shell.sheave("flow-run logs " + newest.get("id")).out())
        .containsPattern("\\| INFO    \\| Flow run '[a-z-]+' - Hello Marvin!");
    assertThat(shell.sheave("flow-run inspect " + newest.get("id")).out())
        .containsPattern("state_name +Completed");
    assertThat(shell.sheave("flow-run inspect -o json " + newest.get("id")).jsonObject())
        .containsEntry("parameters", Map.of("name", "Marvin"));
  }

  @Test
  void everythingThatCanBeSaidOfADeployment() {
    Result built =
        shell.sheave(
            "deployment build LogFlow.java:logFlow -n full -sb local-file-system/code/sub/folder"
                + " -q test -i process --override env.LEVEL=DEBUG -t one -t two -d 'About it'"
                + " -v 7 --param name=Marvin -l 3 --apply");
    assertThat(built.err()).isEmpty();
    assertThat(built.out()).contains("files to " + storage.resolve("sub/folder") + "\n");
    assertThat(shell.directory().resolve("logFlow-deployment.yaml")).exists();

    Map<String, ?> json = shell.sheave("deployment inspect log-flow/full -o json").jsonObject();
    assertThat(json.get("tags")).isEqualTo(List.of("one", "two"));
    assertThat(json.get("parameters")).isEqualTo(Map.of("name", "Marvin"));
    assertThat(json.get("infra_overrides")).isEqualTo(Map.of("env.LEVEL", "DEBUG"));
    assertThat(json.get("path")).isEqualTo("sub/folder");
    assertThat(json.get("version")).isEqualTo("7");
    assertThat(json.get("description")).isEqualTo("About it");
    assertThat(json.get("entrypoint")).isEqualTo("LogFlow.java:logFlow");
    assertThat((Map<?, ?>) json.get("infrastructure"))
        .extracting("block_type_slug")
        .isEqualTo("process");
    assertThat(shell.sheave("deployment inspect log-flow/full").out())
        .containsPattern("work_queue_name +test");
    assertThat(shell.sheave("deployment ls").out()).containsPattern("log-flow/full +" + ID);
    assertThat(shell.sheave("deployment ls --flow-name log-flow -o json").jsonList()).hasSize(1);
    assertThat(shell.sheave("deployment ls --flow-name other -o json").jsonList()).isEmpty();
    Result run = shell.sheave("deployment run log-flow/full --params '{\"name\": \"Zaphod\"}'");
    assertThat(run.out()).contains("{\"name\":\"Zaphod\"}");
  }

  @Test
  void aBundleIsOneArchiveAndStaysOneUntilItIsToldOtherwise() {
    for (String options : new String[] {" --bundle", ""}) {
      assertThat(shell.sheave(BUILD + options).out()).contains("Successfully uploaded 3 files to");
      assertThat(storage.resolve("LogFlow.java")).doesNotExist();
      assertThat(storage)
          .isDirectoryContaining(
              file -> String.valueOf(file.getFileName()).startsWith(".sheave-bundle-"));
    }

    shell.sheave(BUILD + " --no-bundle");
    assertThat(storage.resolve("LogFlow.java")).exists();
  }

  @Test
  void nothingIsUploadedWhereThereIsNoStorage() {
    Result built = shell.sheave("deployment build LogFlow.java:logFlow -n plain");
    assertThat(built.code()).isZero();
    assertThat(built.err()).startsWith("Warning: nothing was uploaded: there is no storage");
    assertThat(shell.sheave("deployment build LogFlow.java:logFlow -n plain --skip-upload").err())
        .isEmpty();
  }

  /** Else the deployment succeeds, and each of its runs fails. */
  @Test
  void aFlowThatIsIgnoredIsntDeployed() throws IOException {
    Files.writeString(shell.directory().resolve(".sheaveignore"), "*.java\n");

    Shell.Result result =
        shell.sheave("deployment build LogFlow.java:logFlow -n gone -sb local-file-system/code");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "The flow's own file 'LogFlow.java' is ignored by '.sheaveignore', so no run would"
                + " find it: change the rules in '.sheaveignore'.");
  }

  @Test
  void mistakesLeaveNothingBehind() throws IOException {
    assertThat(shell.sheave(BUILD.replace("local-file-system/code", "local-file-system/cod")).err())
        .isEqualTo(
            "The block 'local-file-system/cod' doesn't exist. Did you mean"
                + " 'local-file-system/code'?\n");
    assertThat(shell.sheave(BUILD.replace(":logFlow", "")).err())
        .contains("LogFlow.java:<flow_method>");
    assertThat(shell.sheave(BUILD.replace(":logFlow", ":lgFlow")).code()).isEqualTo(1);
    assertThat(shell.sheave(BUILD.replace("./LogFlow", "./NoFlow")).err()).contains("NoFlow.java");
    assertThat(shell.sheave(BUILD.replace("./LogFlow", "../LogFlow")).err())
        .contains("isn't in this directory");
    assertThat(shell.sheave(BUILD + " --param nme=Marvin").err()).contains("Did you mean 'name'?");
    assertThat(shell.sheave(BUILD + " --override stop_grace=-5").err())
        .contains("'stop_grace' can't be negative");
    assertThat(shell.sheave(BUILD + " --override stop_grace=PT3000000H").err())
        .contains("'stop_grace' must be at most 365 days");
    assertThat(shell.sheave(BUILD + " --override envv.A=1").err()).contains("Did you mean 'env'?");
    assertThat(shell.sheave(BUILD.replace("-o log-flow-local.yaml", "-o none/x.yaml")).err())
        .contains("its folder doesn't exist");
    assertThat(shell.sheave(BUILD.replace("local.yaml", "local.yml")).code()).isEqualTo(2);
    assertThat(shell.sheave(BUILD + " -i process -ib process/x").code()).isEqualTo(2);
    assertThat(shell.sheave(BUILD + " --param name=1 --params {}").code()).isEqualTo(2);
    assertThat(shell.sheave(BUILD.replace("system/code", "system/code/a") + " --path b").code())
        .isEqualTo(2);
    assertThat(storage).doesNotExist();
    assertThat(shell.directory().resolve("log-flow-local.yaml")).doesNotExist();

    shell.write("LogFlow.java", "public class LogFlow { int x = \"text\"; }");
    assertThat(shell.sheave(BUILD).err()).contains("LogFlow.java").contains("incompatible types");
    assertThat(storage).doesNotExist();
  }

  @Test
  void whatIsNotThereIsNamed() {
    shell.sheave(BUILD + " --apply");
    assertThat(shell.sheave("deployment inspect log-flow/log-flow-locl").err())
        .contains("Did you mean 'log-flow/log-flow-local'?");
    assertThat(shell.sheave("deployment inspect nothing").err())
        .contains("'<flow-name>/<deployment-name>'");
    assertThat(shell.sheave("deployment apply none.yaml").err())
        .startsWith("The deployment file '")
        .endsWith("none.yaml' doesn't exist.\n");
    assertThat(shell.sheave("deployment run log-flow/log-flow-local").err())
        .contains("'name'")
        .contains("missing");
    assertThat(shell.sheave("deployment run log-flow/log-flow-local --param nme=x").err())
        .contains("Did you mean 'name'?");
    assertThat(shell.sheave("flow-run inspect nothing").err())
        .isEqualTo("'nothing' isn't the id of a flow run; 'sheave flow-run ls' lists them.\n");
    assertThat(shell.sheave("flow-run logs 00000000-0000-0000-0000-000000000000").code())
        .isEqualTo(1);
    assertThat(shell.sheave("flow-run ls").err()).isEqualTo("There are no flow runs yet.\n");
  }

  @Test
  void aPreviewShowsWhatARunWouldBeAndStartsNothing() {
    shell.sheave(BUILD + " --apply --override env.LEVEL=DEBUG");

    Result preview =
        shell.sheave(
            "deployment preview log-flow/log-flow-local --override working_dir="
                + folder
                + " --override env.GREETING=it's --override jvm_options=[\"-Xmx64m\"]");
    assertThat(preview.err()).isEmpty();
    assertThat(preview.out().lines())
        .contains(
            "cd " + folder,
            "export LEVEL=DEBUG",
            "export GREETING='it'\\''s'",
            "export SHEAVE__FLOW_RUN_ID=00000000-0000-0000-0000-000000000000")
        .anyMatch(line -> line.matches(".* -Xmx64m .* dev.sheave.runtime.FlowRunMain"))
        .last()
        .isEqualTo("# standard input: no keys");
    assertThat(shell.home().resolve("runs")).doesNotExist();
    assertThat(shell.sheave("flow-run ls").err()).isEqualTo("There are no flow runs yet.\n");

    assertThat(shell.sheave("deployment preview log-flow/log-flow-local --override nme=x").err())
        .contains("has no field 'nme'");
    assertThat(shell.sheave("deployment preview").err()).contains("Pass a deployment as");
  }
}
