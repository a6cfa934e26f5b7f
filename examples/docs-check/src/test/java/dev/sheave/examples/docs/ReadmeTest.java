package dev.sheave.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowMethods;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's flow compiles as it stands there. */
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

  @Test
  void theFirstFlowIsAFileOfItsOwn(@TempDir Path folder) throws Exception {
    Matcher code = JAVA.matcher(Files.readString(DocsTest.ROOT.resolve("README.md")));
    assertThat(code.find()).isTrue();
    Path file = Files.writeString(folder.resolve("LogFlow.java"), code.group(1));

    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                file.toString());

    assertThat(compiled).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      FlowDefinition flow =
          FlowDefinition.of(FlowMethods.find(loader.loadClass("LogFlow"), "logFlow"));
      assertThat(flow.name()).isEqualTo("log-flow");
      assertThat(flow.parameterNames()).containsExactly("name");
    }
  }
}
