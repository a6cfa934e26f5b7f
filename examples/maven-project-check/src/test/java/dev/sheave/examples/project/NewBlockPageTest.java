package dev.sheave.examples.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what docs/new-block.md says, in its order, in an empty folder: writes the files that stand
 * below their names, and runs the lines of shell.
 */
class NewBlockPageTest {
  private static final Pattern STEP =
      Pattern.compile(
          "(?ms)^\\*\\*`(?<file>[^`]+)`\\*\\*\\n\\n```\\w*\\n(?<text>.*?)^```$"
              + "|^```sh\\n(?<shell>.*?)^```$");

  @TempDir Path folder;

  @Test
  void thePageWorksToTheLetter() throws Exception {
    UserMachine machine = new UserMachine(folder);
    Path project = Files.createDirectory(folder.resolve("mail-blocks"));
    String page = Files.readString(UserMachine.ROOT.resolve("docs/new-block.md"));
    StringBuilder output = new StringBuilder();
    Matcher step = STEP.matcher(page);
    while (step.find()) {
      if (step.group("file") != null) {
        Path file = project.resolve(step.group("file"));
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, step.group("text"));
      } else if (step.group("shell").equals("mvn package\n")) {
        machine.mavenPackage(project);
      } else {
        output.append(machine.execute(project, "bash", "-euc", step.group("shell")));
      }
    }

    assertThat(project.resolve("target/surefire-reports"))
        .isDirectoryContaining("glob:**TEST-com.example.mail.MailServerTest.xml");
    assertThat(output.toString())
        .contains("Mail of marvin goes to smtp://smtp.example.com:587")
        .contains("Finished in state Completed");
  }
}
