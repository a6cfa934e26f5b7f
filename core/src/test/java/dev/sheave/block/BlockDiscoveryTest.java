package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Installation;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.logging.RecordedLog;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which block types a program finds: its own, and those of plugins and of an installation. */
class BlockDiscoveryTest {
  private static final String[] CORE = {
    "date-time", "json", "local-file-system", "process", "secret", "string"
  };

  @TempDir Path home;

  @BeforeEach
  void forgetTheLog() {
    RecordedLog.clear();
  }

  @AfterEach
  void forgetTheInstallation() {
    System.clearProperty(Installation.BACKENDS_PROPERTY);
  }

  private BlockRegistry discover() {
    return BlockRegistry.discover(BlockDiscoveryTest.class.getClassLoader(), home);
  }

  private Path plugin(String name) {
    return home.resolve("plugins").resolve(name);
  }

  @Test
  void withoutPluginsThereAreTheTypesOfThisModule() {
    assertThat(discover().types()).extracting(BlockTypeDescriptor::slug).containsExactly(CORE);
    assertThat(log()).anyMatch(line -> line.contains("The block type 'secret' was found in /"));
  }

  @Test
  void aJarInThePluginsFolderIsFoundAndItsBlocksAreMade() throws IOException {
    Path jar = PluginJar.withType("acme", "acme-store").writeTo(plugin("acme.jar"));

    BlockRegistry registry = discover();

    assertThat(registry.find("acme-store")).isPresent();
    assertThat(log())
        .contains(
            "DEBUG dev.sheave.block.BlockDiscovery: The block type 'acme-store' was found in "
                + jar);
    Blocks blocks = new Blocks(SheaveOnly.PASS, WithoutStore.noStore(), registry);
    Block block = blocks.create("acme-store", Map.of("value", "x"));
    assertThat(block.getClass().getName()).isEqualTo("acme.PluginBlock");
    assertThat(blocks.values(block)).isEqualTo(Map.of("value", "x"));
  }

  @Test
  void aFolderOfJarsIsOnePlugin() throws IOException {
    PluginJar.withType("acme", "acme-store").writeTo(plugin("acme/main.jar"));
    PluginJar.withType("other", "other-store").writeTo(plugin("acme/more.jar"));

    assertThat(discover().types())
        .extracting(BlockTypeDescriptor::slug)
        .contains("acme-store", "other-store");
  }

  @Test
  void brokenModulesDontHideTheOthers() throws IOException {
    PluginJar.withType("acme", "acme-store").writeTo(plugin("z-good.jar"));
    Files.writeString(plugin("a-no.jar"), "this is no jar");
    Files.writeString(plugin("b-notes.txt"), "about the plugins");
    Files.createDirectory(plugin("c-empty"));
    new PluginJar().missingProvider("gone.Provider").writeTo(plugin("d-missing.jar"));
    new PluginJar()
        .provider(
            "thrower.Provider",
            """
            package thrower;
            import dev.sheave.block.*;
            public final class Provider implements BlockProvider {
              public java.util.List<BlockTypeDescriptor> types() {
                throw new IllegalStateException("out of order");
              }
            }
            """)
        .writeTo(plugin("e-thrower.jar"));
    PluginJar.withType("badslug", "Bad_Slug").writeTo(plugin("f-slug.jar"));

    assertThat(discover().types())
        .extracting(BlockTypeDescriptor::slug)
        .contains(CORE)
        .contains("acme-store")
        .hasSize(CORE.length + 1);
    assertThat(log())
        .anyMatch(line -> line.contains(plugin("a-no.jar") + " was left out: it can't be opened: "))
        .anyMatch(
            line ->
                line.endsWith(
                    plugin("b-notes.txt")
                        + " was left out: it is neither a jar nor a folder of jars"))
        .anyMatch(
            line ->
                line.endsWith(
                    plugin("c-empty")
                        + " was left out: no jar there names a dev.sheave.block.BlockProvider"))
        .anyMatch(line -> line.contains("left out: ") && line.contains("gone.Provider"))
        .anyMatch(line -> line.contains("e-thrower.jar") && line.contains("out of order"))
        .anyMatch(line -> line.contains("f-slug.jar") && line.contains("Try 'bad-slug'"));
  }

  @Test
  void whatIsWrongWithAPluginIsKept() throws IOException {
    Path good = PluginJar.withType("acme", "acme-store").writeTo(plugin("good.jar"));
    byte[] whole = Files.readAllBytes(good);
    Files.write(plugin("a-cut.jar"), Arrays.copyOf(whole, whole.length / 2));
    new PluginJar().missingProvider("gone.Provider").writeTo(plugin("b-missing.jar"));
    String provider =
        """
        package %s;
        import dev.sheave.block.*;
        public final class Provider implements BlockProvider {
          %s
          public java.util.List<BlockTypeDescriptor> types() {
            return %s;
          }
        }
        """;
    new PluginJar()
        .provider(
            "thrower.Provider",
            provider.formatted(
                "thrower",
                "public Provider() { throw new IllegalStateException(\"out of order\"); }",
                "null"))
        .writeTo(plugin("c-thrower.jar"));
    new PluginJar()
        .provider("nothing.Provider", provider.formatted("nothing", "", "null"))
        .writeTo(plugin("d-null.jar"));
    new PluginJar()
        .provider(
            "gap.Provider",
            provider.formatted(
                "gap", "", "java.util.Collections.singletonList((BlockTypeDescriptor) null)"))
        .writeTo(plugin("e-gap.jar"));

    BlockRegistry registry = discover();

    assertThat(registry.find("acme-store")).isPresent();
    assertThat(registry.problems()).hasSize(5);
    assertThat(registry.problems().get(0))
        .startsWith("The block types of " + plugin("a-cut.jar") + " were left out: it can't be ")
        .endsWith("; repair or remove it.");
    assertThat(registry.problems().subList(1, 5))
        .containsExactly(
            leftOut("b-missing.jar", "Provider gone.Provider not found"),
            leftOut(
                "c-thrower.jar",
                "Provider thrower.Provider could not be instantiated:"
                    + " java.lang.IllegalStateException: out of order"),
            leftOut("d-null.jar", "nothing.Provider.types() returned null"),
            leftOut("e-gap.jar", "gap.Provider.types() returned null"));
  }

  private String leftOut(String plugin, String reason) {
    return "The block types of "
        + plugin(plugin)
        + " were left out: "
        + reason
        + "; repair or remove it.";
  }

  @Test
  void aTypeThatIsntHereMayBeInABrokenPlugin() throws IOException {
    Files.createDirectories(plugin(""));
    Files.createFile(plugin("acme.jar"));

    assertThatThrownBy(() -> discover().blockClass("proces"))
        .hasMessageStartingWith(
            "The block type 'proces' isn't installed; it may be among those that couldn't be read."
                + " The block types of "
                + plugin("acme.jar")
                + " were left out: it can't be opened: ")
        .hasMessageEndingWith("; repair or remove it. Did you mean 'process'?");
  }

  @Test
  void twoModulesWithOneSlugAreAnErrorThatNamesBoth() throws IOException {
    Path first = PluginJar.withType("acme", "acme-store").writeTo(plugin("a.jar"));
    Path second = PluginJar.withType("other", "acme-store").writeTo(plugin("b.jar"));

    assertThatThrownBy(this::discover)
        .isInstanceOf(SheaveException.class)
        .hasMessage(
            "Both "
                + first
                + " and "
                + second
                + " define the block type 'acme-store'; remove one of them.")
        .extracting("code")
        .isEqualTo(Code.CONFLICT);
  }

  @Test
  void aPluginThatIsInTheClassPathTooIsLeftOut() throws Exception {
    Path jar = PluginJar.withType("acme", "acme-store").writeTo(home.resolve("lib/acme.jar"));
    Path plugin = Files.copy(jar, Files.createDirectories(plugin("x")).resolve("acme.jar"));
    try (URLClassLoader program =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader())) {
      BlockRegistry registry = BlockRegistry.discover(program, home);

      assertThat(registry.blockClass("acme-store").getClassLoader()).isSameAs(program);
      assertThat(log())
          .contains(
              "DEBUG dev.sheave.block.BlockDiscovery: The block type 'acme-store' of "
                  + plugin.resolveSibling("")
                  + " was left out: it is also on the class path");
    }
  }

  @Test
  void aTypeWhoseClassIsBrokenIsFoundButNotLoaded() throws IOException {
    PluginJar jar = PluginJar.withType("acme", "acme-store");
    jar.source("acme.PluginBlock", "package acme; public final class PluginBlock {}");
    Path file = jar.writeTo(plugin("acme.jar"));

    assertThat(discover().find("acme-store")).isPresent();
    assertThatThrownBy(() -> discover().blockClass("acme-store"))
        .hasMessageStartingWith("The block type 'acme-store' of " + file + " can't be loaded: ")
        .extracting("code")
        .isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void aTypeThatIsntHereIsSaidWithTheArtifactThatHasIt() {
    BlockRegistry registry = discover();

    assertThatThrownBy(() -> registry.blockClass("s3"))
        .hasMessage("The block type 's3' isn't installed; it is in dev.sheave:sheave-storage-s3.");
    assertThatThrownBy(() -> registry.blockClass("proces"))
        .hasMessage(
            "The block type 'proces' isn't installed; add a jar that lists it in"
                + " META-INF/services/dev.sheave.block.BlockProvider to the class path or to"
                + " SHEAVE_HOME/plugins. Did you mean 'process'?");
    assertThatThrownBy(() -> registry.blockClass("docker-container"))
        .hasMessage(
            "The block type 'docker-container' isn't installed; it is in"
                + " dev.sheave:sheave-infra-docker.");
    assertThatThrownBy(() -> registry.blockClass("in-process"))
        .hasMessage(
            "The block type 'in-process' isn't installed; it is in dev.sheave:sheave-runtime.");
  }

  @Test
  void anInstallationsBackendsAreReadFromItsIndexAndOpenedWhenTheyAreUsed() throws IOException {
    Path backends = home.resolve("backends");
    PluginJar.withType("acme", "acme-store").writeTo(backends.resolve("acme/acme.jar"));
    Files.writeString(
        backends.resolve(Installation.INDEX),
        """
        acme-store\tAcme Store\tget-directory,put-directory\tacme.PluginBlock\tacme
        gone\tGone\t\tgone.Block\tgone
        """);
    System.setProperty(Installation.BACKENDS_PROPERTY, backends.toString());

    BlockRegistry registry = discover();

    assertThat(registry.find("acme-store").orElseThrow().capabilities())
        .containsExactlyInAnyOrder("get-directory", "put-directory");
    assertThat(registry.find("gone").orElseThrow().capabilities()).isEmpty();
    assertThat(registry.blockClass("acme-store").getName()).isEqualTo("acme.PluginBlock");
    assertThatThrownBy(() -> registry.blockClass("gone"))
        .hasMessageContaining(backends.resolve("gone").toString())
        .extracting("code")
        .isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void aDamagedInstallationSaysSo() throws IOException {
    System.setProperty(Installation.BACKENDS_PROPERTY, home.toString());
    assertThatThrownBy(this::discover).hasMessageEndingWith("can't be read; install Sheave again.");

    Files.writeString(home.resolve(Installation.INDEX), "acme-store\n");
    assertThatThrownBy(this::discover).hasMessageEndingWith("is damaged; install Sheave again.");
  }

  private static List<String> log() {
    return RecordedLog.of(BlockDiscovery.class);
  }
}
