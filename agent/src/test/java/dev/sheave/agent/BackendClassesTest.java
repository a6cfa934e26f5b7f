package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Block;
import dev.sheave.block.SaveMode;
import dev.sheave.internal.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * In an installation each backend has a folder and a class loader; flows may name its classes all
 * the same.
 */
@Timeout(120)
class BackendClassesTest {
  @TempDir Path directory;

  @AfterEach
  void forgetBackends() {
    System.clearProperty(Installation.BACKENDS_PROPERTY);
  }

  @Test
  void aFlowNamesTheBlockClassOfABackend() throws Exception {
    installBackend(
        """
        package dev.sheave.storage.fancy;

        import dev.sheave.block.*;

        @BlockType(slug = "fancy", name = "Fancy", description = "A backend.")
        public final class Fancy extends Block {
          private final String color;

          public Fancy(@BlockField(description = "Any.") String color) {
            this.color = color;
          }

          public String color() {
            org.slf4j.LoggerFactory.getLogger("vendor.wire").debug("Authorization: {}", color);
            return color;
          }
        }
        """);
    try (Workshop workshop = new Workshop(directory)) {
      Class<? extends Block> fancy = workshop.sheave.blocks().registry().blockClass("fancy");
      workshop
          .sheave
          .blocks()
          .save(fancy.getConstructor(String.class).newInstance("green"), "mine", SaveMode.CREATE);
      workshop.write(
          "Painter.java",
          """
          import dev.sheave.block.Block;
          import dev.sheave.storage.fancy.Fancy;

          public class Painter {
            @dev.sheave.flow.Flow
            public static String paint() {
              org.slf4j.LoggerFactory.getLogger(Painter.class).debug("Painting");
              Fancy fancy = Block.load("fancy/mine", Fancy.class);
              return fancy.color();
            }
          }
          """);
      UUID run =
          workshop.schedule(
              workshop.deploy(
                  "Painter.java:paint", null, Map.of("env.SHEAVE_LOGGING_LEVEL", "DEBUG")));

      workshop.agent().build().runOnce();

      assertThat(workshop.stateOf(run).data())
          .isEqualTo(Map.of("type", "literal", "value", "green"));
      assertThat(workshop.log(run))
          .as("flow code speaks at the level that was asked for, a backend's client never does")
          .contains("Painting")
          .noneMatch(line -> line.contains("Authorization"));
    }
  }

  private void installBackend(String source) throws IOException {
    Path file = Files.createDirectories(directory.resolve("source")).resolve("Fancy.java");
    Files.writeString(file, source);
    Path classes = Files.createDirectories(directory.resolve("classes"));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-parameters",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    assertThat(compiled).isZero();
    Path backends = directory.resolve("backends");
    Path jar = Files.createDirectories(backends.resolve("fancy")).resolve("sheave-fancy-1.jar");
    try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(each).toString()));
        entries.write(Files.readAllBytes(each));
      }
    }
    Files.writeString(
        backends.resolve(Installation.INDEX),
        "fancy\tFancy\t\tdev.sheave.storage.fancy.Fancy\tfancy\n");
    System.setProperty(Installation.BACKENDS_PROPERTY, backends.toString());
  }
}
