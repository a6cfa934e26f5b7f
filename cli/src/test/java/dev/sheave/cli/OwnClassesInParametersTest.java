package dev.sheave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.cli.Shell.Result;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow's parameters are of classes that only its own code has. */
class OwnClassesInParametersTest {
  @TempDir Path folder;
  Shell shell;

  @BeforeEach
  void aFlowWithABlockTypeAndARecordOfItsOwn() throws IOException {
    shell = new Shell(folder);
    shell.write(
        "Post.java",
        """
        import dev.sheave.block.Block;
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.Param;
        import java.time.LocalDate;

        public final class Post {
          public record Span(LocalDate from, LocalDate to) {
            public Span {
              Dates.order(from, to);
            }
          }

          @Flow
          public static void keep() {
            new Mailbox("marvin").save("home");
          }

          @Flow
          public static String post(@Param("span") Span span, @Param("box") Mailbox box) {
            return box.owner + " " + span.to();
          }

          @Flow
          public static String any(@Param("box") Keeper box) {
            return box.getClass().getSimpleName();
          }
        }
        """);
    shell.write("Keeper.java", "public interface Keeper {}\n");
    shell.write(
        "Mailbox.java",
        """
        import dev.sheave.block.Block;
        import dev.sheave.block.BlockField;
        import dev.sheave.block.BlockType;

        @BlockType(slug = "mailbox", name = "Mailbox", description = "A mailbox.")
        public final class Mailbox extends Block implements Keeper {
          final String owner;

          public Mailbox(@BlockField(description = "Whose.") String owner) {
            this.owner = owner;
          }
        }
        """);
    shell.write(
        "Dates.java",
        """
        import java.time.LocalDate;

        final class Dates {
          static void order(LocalDate from, LocalDate to) {
            if (to.isBefore(from)) {
              throw new IllegalArgumentException("from must not be after to");
            }
          }
        }
        """);
    assertThat(shell.sheave("run Post.java:keep").out()).contains("Completed");
  }

  private static String values(String to, String box) {
    return " --params {\"span\":{\"from\":\"2030-01-02\",\"to\":\""
        + to
        + "\"},\"box\":"
        + box
        + "}";
  }

  private void assertRuns(String box) {
    Result run = shell.sheave("run Post.java:post" + values("2030-02-01", box));
    assertThat(run.out()).as(run.err()).contains("marvin 2030-02-01");
    Result built =
        shell.sheave(
            "deployment build Post.java:post -n own -q own --skip-upload --apply"
                + values("2030-02-01", box));
    assertThat(built.code()).as(built.err()).isZero();
    assertThat(shell.sheave("deployment run post/own").code()).isZero();
    Result agent = shell.sheave("agent start -q own --run-once");
    assertThat(agent.out()).contains("Finished in state Completed");
  }

  @Test
  void aSavedBlockIsNamed() {
    assertRuns("\"mailbox/home\"");
  }

  @Test
  void aBlockIsGivenByItsValues() {
    assertRuns("{\"owner\":\"marvin\"}");
  }

  @Test
  void aRunTakesAsItsValuesABlockWhoseClassOnlyTheFlowHas() throws IOException {
    shell.write(
        "Letter.java",
        """
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.Param;

        public final class Letter {
          @Flow
          public static String send(@Param("stamp") Stamp stamp) {
            return stamp.value + " " + stamp.code.reveal().length();
          }
        }
        """);
    shell.write(
        "Stamp.java",
        """
        import dev.sheave.block.Block;
        import dev.sheave.block.BlockField;
        import dev.sheave.block.BlockType;
        import dev.sheave.block.Secret;

        @BlockType(slug = "stamp", name = "Stamp", description = "A stamp.")
        public final class Stamp extends Block {
          final int value;
          final Secret code;

          public Stamp(
              @BlockField(description = "Cents.") int value,
              @BlockField(description = "Its code.") Secret code) {
            this.value = value;
            this.code = code;
          }
        }
        """);
    assertThat(
            shell
                .sheave("deployment build Letter.java:send -n own -q own --skip-upload --apply")
                .code())
        .isZero();

    Result wrong = shell.sheave("deployment run send/own --param stamp={\"value\":\"much\"}");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("'stamp'").contains("value").doesNotContain("isn't installed");
    assertThat(shell.sheave("flow-run ls").out()).doesNotContain("send");

    Result run =
        shell.sheave("deployment run send/own --param stamp={\"value\":85,\"code\":\"s3cret\"}");
    assertThat(run.code()).as(run.err()).isZero();
    Result agent = shell.sheave("agent start -q own --run-once");
    assertThat(agent.out()).as(agent.err()).contains("Finished in state Completed");
    assertThat(shell.sheave("block ls -o json").out()).doesNotContain("s3cret");
  }

  @Test
  void allProblemsAreSentences() {
    for (String command :
        new String[] {"run Post.java:post", "deployment build Post.java:post -n own"}) {
      assertThat(shell.sheave(command + values("2030-01-01", "\"mailbox/hme\"")).err())
          .isEqualTo(
              """
              'span': from must not be after to.
              The block 'mailbox/hme' doesn't exist. Did you mean 'mailbox/home'?
              """);
    }
  }
}
