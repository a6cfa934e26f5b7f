package dev.sheave.dist;

import static dev.sheave.dist.Installed.DISTRIBUTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.dist.Installed.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The block type of examples/new-block inside flows, wherever its jar is. */
@Tag("distribution")
class OwnBlockTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "new-block", "src", "main");

  @TempDir Path folder;
  private Installed installed;

  @BeforeEach
  void aBlockIsSavedAndAFlowIsWritten() throws Exception {
    installed = new Installed(folder);
    Files.writeString(
        folder.resolve("Mail.java"),
        """
        import com.example.mail.MailServer;
        import dev.sheave.block.Block;
        import dev.sheave.flow.Flow;
        import dev.sheave.flow.FlowRunContext;

        public class Mail {
          @Flow
          public static void mail() {
            MailServer named = Block.load("mail-server/office", MailServer.class);
            MailServer cast = (MailServer) Block.load("mail-server/office");
            FlowRunContext.current()
                .logger()
                .info("Mail goes to {}, {}", named.address(), named.equals(cast));
          }
        }
        """);
    Path plugin = jarTo(folder.resolve("home/plugins/mail.jar"));
    sheave(
        "block",
        "create",
        "mail-server",
        "office",
        "--set",
        "host=smtp.example.com",
        "--set",
        "user=marvin",
        "--set",
        "password=hunter2");
    Files.createDirectories(folder.resolve("lib"));
    Files.move(plugin, folder.resolve("mail.jar"));
  }

  private Path jarTo(Path jar) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes-of-the-jar"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-parameters",
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                files(DISTRIBUTION.resolve("lib"))
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator))));
    files(EXAMPLE.resolve("java")).map(Path::toString).forEach(arguments::add);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    Files.createDirectories(jar.resolveSibling("."));
    try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Path place : List.of(classes, EXAMPLE.resolve("resources"))) {
        for (Path file : files(place).toList()) {
          entries.putNextEntry(new JarEntry(place.relativize(file).toString()));
          entries.write(Files.readAllBytes(file));
        }
      }
    }
    return jar;
  }

  private static Stream<Path> files(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(Files::isRegularFile).toList().stream();
    }
  }

  private void put(String... places) throws IOException {
    for (String place : places) {
      Files.copy(folder.resolve("mail.jar"), folder.resolve(place));
    }
  }

  private String sheave(String... words) throws Exception {
    Result result = installed.sheave(DISTRIBUTION, words);
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  private void assertItRuns() throws Exception {
    assertThat(sheave("run", "Mail.java:mail"))
        .contains("Mail goes to smtp://smtp.example.com:587, true")
        .contains("Finished in state Completed");
  }

  @Test
  void theJarIsAPlugin() throws Exception {
    put("home/plugins/mail.jar");
    assertItRuns();
  }

  @Test
  void theJarIsAPluginAndInLib() throws Exception {
    put("home/plugins/mail.jar", "lib/mail.jar");
    assertItRuns();
  }

  @Test
  void theJarIsInLib() throws Exception {
    put("lib/mail.jar");
    assertItRuns();
  }

  @Test
  void anAgentRunsItsDeployment() throws Exception {
    put("home/plugins/mail.jar");
    sheave("deployment", "build", "Mail.java:mail", "-n", "office", "-q", "mail", "--apply");
    sheave("deployment", "run", "mail/office");

    assertThat(sheave("agent", "start", "-q", "mail", "--run-once"))
        .contains("Mail goes to smtp://smtp.example.com:587, true");
  }
}
