package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkQueueCommandsTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aUser() throws IOException {
    shell = new Shell(folder);
  }

  private Map<String, ?> queue(String name) {
    return shell.sheave("work-queue inspect " + name + " -o json").jsonObject();
  }

  @Test
  void aQueueFromItsBeginningToItsEnd() {
    Result created = shell.sheave("work-queue create test --limit 2 --priority 7 -d 'For tests'");

    assertThat(created.out())
        .startsWith("Created work queue with properties:\n    name - 'test'\n")
        .contains("    concurrency limit - 2\n", "sheave agent start -q 'test'");
    assertThat(queue("test").get("concurrency_limit")).isEqualTo(2);
    assertThat(queue("test").get("priority")).isEqualTo(7);
    assertThat(queue("test").get("description")).isEqualTo("For tests");

    assertThat(shell.sheave("work-queue pause test").out()).isEqualTo("Work queue 'test' paused\n");
    assertThat(queue("test").get("is_paused")).isEqualTo(true);
    assertThat(shell.sheave("work-queue ls").out()).containsPattern("test +default.* +2 +paused");
    assertThat(shell.sheave("work-queue resume test").out())
        .isEqualTo("Work queue 'test' resumed\n");
    assertThat(queue("test").get("is_paused")).isEqualTo(false);

    assertThat(shell.sheave("work-queue set-concurrency-limit test 3").out())
        .isEqualTo("Concurrency limit of 3 set on work queue 'test'\n");
    assertThat(queue("test").get("concurrency_limit")).isEqualTo(3);
    assertThat(shell.sheave("work-queue clear-concurrency-limit test").out())
        .isEqualTo("Concurrency limits removed on work queue 'test'\n");
    assertThat(queue("test").get("concurrency_limit")).isNull();
    assertThat(shell.sheave("work-queue inspect test").out()).containsPattern("is_paused +false");

    assertThat(shell.sheave("work-queue delete test").out())
        .isEqualTo("Successfully deleted work queue 'test'\n");
    assertThat(shell.sheave("work-queue ls -o json").jsonList()).isEmpty();
  }

  @Test
  void aQueueThatDeploymentsUseIsDeletedWithAWarning() throws IOException {
    shell.write(
        "Night.java",
        """
        import dev.sheave.flow.Flow;

        public final class Night {
          @Flow(name = "night")
          public static void night() {}
        }
        """);
    shell.sheave("deployment build Night.java:night -n here -q test --skip-upload --apply");

    assertThat(shell.sheave("work-queue delete test").err())
        .isEqualTo(
            "No agent takes the runs of these deployments, which are in no work queue now:"
                + " night/here. Apply them again, and the queue that they name is created.\n");
    assertThat(shell.sheave("deployment run night/here").err())
        .startsWith("No agent takes this run: its deployment is in no work queue.");
  }

  @Test
  void queuesAreListedNewestFirst() {
    shell.sheave("work-queue create a-first");
    shell.sheave("work-queue create a-second");
    shell.sheave("work-queue create b-third");

    List<Map<String, Object>> all = names(shell.sheave("work-queue ls -o json"));

    assertThat(all).extracting("name").containsExactly("b-third", "a-second", "a-first");
    assertThat(names(shell.sheave("work-queue ls --match a- -o json"))).hasSize(2);
    assertThat(shell.sheave("work-queue ls -m c-").err())
        .isEqualTo("There are no work queues whose names start with 'c-'.\n");
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private static List<Map<String, Object>> names(Result result) {
    return (List<Map<String, Object>>) (List<?>) result.jsonList();
  }

  @Test
  void aPreviewShowsWhatWaits() throws IOException {
    shell.write(
        "Hello.java",
        """
        import dev.sheave.flow.Flow;
        public class Hello { @Flow public static void hello() {} }
        """);
    shell.sheave("deployment build Hello.java:hello -n here -q test --skip-upload --apply");
    assertThat(shell.sheave("work-queue preview test").err()).startsWith("No runs found");
    shell.sheave("deployment run hello/here --start-in '2 minutes' --name second");
    shell.sheave("deployment run hello/here --name first");
    shell.sheave("deployment run hello/here --start-in '5 hours' --name third");

    assertThat(names(shell.sheave("work-queue preview test -o json")))
        .extracting("name")
        .containsExactly("first", "second");
    assertThat(names(shell.sheave("work-queue preview test --hours 6 -o json"))).hasSize(3);
    shell.sheave("work-queue pause test");
    Result shown = shell.sheave("work-queue preview test");
    assertThat(shown.out()).containsPattern("in 2 minutes +[0-9a-f-]{36} +second");
    assertThat(shown.err()).startsWith("Warning: the work queue 'test' is paused");
    try (Sheave sheave = Sheave.builder().home(shell.home()).connect()) {
      // looking at a queue is no agent's poll
      assertThat(sheave.api().workQueues().findWorkQueue("test").orElseThrow().lastPolled())
          .isNull();
    }
  }

  @Test
  void mistakes() {
    shell.sheave("work-queue create nightly");

    assertThat(shell.sheave("work-queue create nightly").err())
        .isEqualTo("The work queue 'nightly' already exists.\n");
    for (String command :
        List.of("inspect", "pause", "resume", "clear-concurrency-limit", "preview", "delete")) {
      Result result = shell.sheave("work-queue " + command + " nihgtly");
      assertThat(result.err())
          .isEqualTo("No work queue named 'nihgtly' found. Did you mean 'nightly'?\n");
      assertThat(result.code()).isEqualTo(1);
    }
    for (String line :
        List.of(
            "create x --limit -1",
            "create x --priority 0",
            "set-concurrency-limit nightly -1",
            "set-concurrency-limit nightly many",
            "set-concurrency-limit nightly",
            "preview nightly --hours 0")) {
      Result result = shell.sheave("work-queue " + line);
      assertThat(result.code()).as(line).isEqualTo(2);
      assertThat(result.err().lines()).as(line).hasSize(1);
    }
    assertThat(shell.sheave("work-queue create a/b").code()).isEqualTo(1);
    assertThat(names(shell.sheave("work-queue ls -o json"))).hasSize(1);
    assertThat(queue("nightly").get("concurrency_limit")).isNull();
  }
}
