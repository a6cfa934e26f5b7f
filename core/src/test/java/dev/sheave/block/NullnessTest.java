package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which fields of a block may be null, where reflection doesn't show its annotations: their jar
 * isn't in the class path, or they aren't kept for run time.
 */
class NullnessTest {
  private static final String IN_TYPES =
      """
      package marks;
      import java.lang.annotation.*;
      @Target(ElementType.TYPE_USE)
      @Retention(RetentionPolicy.%s)
      public @interface Nullable {}
      """;

  private static final String ON_PARAMETERS =
      """
      package marks;
      import java.lang.annotation.*;
      @Target(ElementType.PARAMETER)
      @Retention(RetentionPolicy.%s)
      public @interface Nullable { String[] why() default {}; Class<?> of() default Object.class; }
      """;

  private static final String BLOCK =
      """
      package acme;
      import dev.sheave.block.*;
      import java.util.*;
      @BlockType(slug = "acme", name = "Acme", description = "A block.")
      public final class Acme extends Block {
        public record Part(%s String a, String b) {}
        private final long count;
        private final String role;
        private final String user;
        private final Part part;
        public Acme(
            @BlockField(description = "A.") long count,
            @BlockField(description = "A.") %s String role,
            @BlockField(description = "A.") String user,
            @BlockField(description = "A.") %s Part part) {
          this.count = count;
          this.role = role;
          this.user = user;
          this.part = part;
        }
      }
      """;

  @TempDir Path folder;
  private final List<URLClassLoader> loaders = new ArrayList<>();

  @AfterEach
  void closeLoaders() throws IOException {
    for (URLClassLoader loader : loaders) {
      loader.close();
    }
  }

  private void compile(String path, String source, Path... classPath) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolve(".."));
    Files.writeString(file, source);
    String libraries = System.getProperty("java.class.path");
    for (Path each : classPath) {
      libraries += File.pathSeparator + each;
    }
    Path target = Files.createDirectories(folder.resolve(path.replaceAll("/.*", "") + "-classes"));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-parameters",
                    "-proc:none",
                    "-d",
                    target.toString(),
                    "-cp",
                    libraries,
                    file.toString()))
        .isZero();
  }

  private Class<? extends Block> load(String annotation, String block, boolean withAnnotation)
      throws Exception {
    Path annotations = folder.resolve("marks-classes");
    compile("marks/Nullable.java", annotation);
    compile("acme/Acme.java", block, annotations);
    List<URL> places = new ArrayList<>();
    places.add(folder.resolve("acme-classes").toUri().toURL());
    if (withAnnotation) {
      places.add(annotations.toUri().toURL());
    }
    URLClassLoader loader =
        new URLClassLoader(places.toArray(URL[]::new), getClass().getClassLoader());
    loaders.add(loader);
    return loader.loadClass("acme.Acme").asSubclass(Block.class);
  }

  private static void assertNullsAreKnown(Class<? extends Block> type) {
    assertThat(BlockSchema.of(type).fields().get("required")).isEqualTo(List.of("count", "user"));
    assertThat(WithoutStore.read(type, Map.of("count", 1, "user", "u", "part", Map.of("b", "x"))))
        .hasToString("Acme[{count=1, role=null, user=u, part={a=null, b=x}}]");
    assertThatThrownBy(() -> WithoutStore.read(type, Map.of("count", 1)))
        .hasMessage("'user' is missing; it must be a string.");
  }

  @Test
  void theJarOfTheAnnotationIsNotThere() throws Exception {
    String block = BLOCK.replace("%s", "@marks.Nullable");
    assertNullsAreKnown(
        load(
            IN_TYPES.formatted("RUNTIME"),
            block.replace("@marks.Nullable Part part", "Acme.@marks.Nullable Part part"),
            false));
  }

  @Test
  void theAnnotationIsNotKeptForRunTime() throws Exception {
    assertNullsAreKnown(
        load(
            ON_PARAMETERS.formatted("CLASS"),
            BLOCK
                .replace("%s Part part", "@marks.Nullable(why = {\"a\", \"b\"}) Part part")
                .replace("%s", "@marks.Nullable(of = String.class)"),
            true));
  }

  @Test
  void theAnnotationIsThere() throws Exception {
    assertNullsAreKnown(
        load(ON_PARAMETERS.formatted("RUNTIME"), BLOCK.replace("%s", "@marks.Nullable"), true));
  }

  @Test
  void entriesOfWhichItIsNotKnownAreSaid() throws Exception {
    Class<? extends Block> type =
        load(
            IN_TYPES.formatted("RUNTIME"),
            """
            package acme;
            import dev.sheave.block.*;
            import java.util.*;
            @BlockType(slug = "acme", name = "Acme", description = "A block.")
            public final class Acme extends Block {
              private final List<String> list;
              public Acme(@BlockField(description = "A.") List<@marks.Nullable String> list) {
                this.list = list;
              }
            }
            """,
            false);

    assertThatThrownBy(() -> BlockSchema.of(type))
        .isInstanceOf(SheaveException.class)
        .hasMessage(
            "The class acme.Acme can't be used in a block: it has elements of lists or maps"
                + " annotated with @marks.Nullable, which isn't available at run time; add its jar"
                + " to the class path, or use org.jspecify.annotations.Nullable.");
  }
}
