package dev.sheave.runtime.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Block;
import dev.sheave.block.BlockRegistry;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.LoadedFlow;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class that a flow means by a name is the class of the blocks that it loads. */
class FlowBlockTypesTest {
  private static final String PROVIDERS = "META-INF/services/dev.sheave.block.BlockProvider";

  private static final String FLOW =
      """
      import com.example.Mailbox;
      import com.example.help.Stamps;
      import dev.sheave.flow.Flow;

      public final class Post {
        @Flow
        public static Class<?> post() {
          return Stamps.check(Mailbox.class);
        }
      }
      """;

  @TempDir Path folder;
  @TempDir Path directory;

  /** Compiles a module with the block type 'mailbox', whose blocks have a version. */
  private Path classes(String version) {
    Path classes = folder.resolve("classes-" + version);
    Code.compile(
        classes,
        "Mailbox.java",
        """
        package com.example;
        import dev.sheave.block.*;
        @BlockType(slug = "mailbox", name = "Mailbox", description = "Version %s.")
        public final class Mailbox extends Block {
          public static final String VERSION = new String("%s");
          private final String owner;
          public Mailbox(@BlockField(description = "Whose.") String owner) {
            this.owner = owner;
          }
        }
        """
            .formatted(version, version));
    Code.compile(
        classes,
        "Stamps.java",
        """
        package com.example.help;
        public final class Stamps {
          public static Class<?> check(Class<?> box) {
            if (box != com.example.Mailbox.class) {
              throw new IllegalStateException("another class of that name");
            }
            return box;
          }
        }
        """);
    Code.compile(
        classes,
        "Provider.java",
        """
        package com.example;
        import dev.sheave.block.*;
        import java.util.*;
        public final class Provider implements BlockProvider {
          public List<BlockTypeDescriptor> types() {
            return List.of(
                new BlockTypeDescriptor("mailbox", "Mailbox", Set.of(), "com.example.Mailbox"));
          }
        }
        """);
    Code.write(classes.resolve(PROVIDERS), "com.example.Provider\n");
    return classes;
  }

  private void plugin(String version) {
    Code.jar(classes(version), folder.resolve("home/plugins/mailbox.jar"));
  }

  private BlockRegistry registry() {
    return BlockRegistry.discover(getClass().getClassLoader(), folder.resolve("home"));
  }

  /** Checks that the flow's class and that of the blocks are one, and returns its version. */
  private String versionOf(String entrypoint) throws Throwable {
    return versionOf(entrypoint, registry());
  }

  private String versionOf(String entrypoint, BlockRegistry types) throws Throwable {
    try (LoadedFlow flow =
        new DirectoryFlowLoader(null).load(directory, Entrypoint.parse(entrypoint), types)) {
      @Nullable Object seen = flow.definition().invoke(new Object[0]);
      Class<? extends Block> ofBlocks = flow.blockTypes().blockClass("mailbox");
      assertThat(ofBlocks).isSameAs(seen);
      return (String) ofBlocks.getField("VERSION").get(null);
    }
  }

  @Test
  void aSourceFlowUsesAPluginThatItDoesNotBring() throws Throwable {
    plugin("plugin");
    Code.write(directory.resolve("Post.java"), FLOW);

    assertThat(versionOf("Post.java:post")).isEqualTo("plugin");
  }

  @Test
  void aJarInLibIsUsedWithoutAPlugin() throws Throwable {
    Code.jar(classes("lib"), directory.resolve("lib/mailbox.jar"));
    Code.write(directory.resolve("Post.java"), FLOW);

    assertThat(versionOf("Post.java:post")).isEqualTo("lib");
  }

  @Test
  void aJarInLibComesBeforeThePlugin() throws Throwable {
    plugin("plugin");
    Code.jar(classes("lib"), directory.resolve("lib/mailbox.jar"));
    Code.write(directory.resolve("Post.java"), FLOW);

    assertThat(versionOf("Post.java:post")).isEqualTo("lib");
  }

  @Test
  void aJarInLibWithoutProviderComesBeforeThePlugin() throws Throwable {
    plugin("plugin");
    Path classes = classes("lib");
    assertThat(classes.resolve(PROVIDERS).toFile().delete()).isTrue();
    Code.jar(classes, directory.resolve("lib/mailbox.jar"));
    Code.write(directory.resolve("Post.java"), FLOW);

    assertThat(versionOf("Post.java:post")).isEqualTo("lib");
  }

  @Test
  void theSameJarTwiceInTheFlowsCodeIsNoError() throws Throwable {
    Code.jar(classes("lib"), directory.resolve("lib/a.jar"));
    Code.jar(classes("lib"), directory.resolve("lib/b.jar"));
    Code.write(directory.resolve("Post.java"), FLOW);

    assertThat(versionOf("Post.java:post")).isEqualTo("lib");
  }

  @Test
  void classesOfTheDeployedDirectoryComeBeforeThePlugin() throws Throwable {
    plugin("plugin");
    Path classes = classes("deployed");
    Code.compile(directory.resolve("classes"), "Post.java", FLOW, "-cp", classPathWith(classes));
    Code.copy(classes, directory.resolve("classes"));

    assertThat(versionOf("Post:post")).isEqualTo("deployed");
  }

  @Test
  void compiledClassesUseAPluginThatTheyDoNotBring() throws Throwable {
    plugin("plugin");
    Code.compile(
        directory.resolve("classes"), "Post.java", FLOW, "-cp", classPathWith(classes("other")));

    assertThat(versionOf("Post:post")).isEqualTo("plugin");
  }

  @Test
  void aSourceFlowUsesTypesOfTheProgramThatHasTheAgent() throws Throwable {
    Code.write(directory.resolve("Post.java"), FLOW);
    try (URLClassLoader program =
        new URLClassLoader(
            new URL[] {classes("program").toUri().toURL()}, getClass().getClassLoader())) {
      assertThat(versionOf("Post.java:post", BlockRegistry.discover(program, folder)))
          .isEqualTo("program");
    }
  }

  private static String classPathWith(Path classes) {
    return classes + File.pathSeparator + System.getProperty("java.class.path");
  }
}
