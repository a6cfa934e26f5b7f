package dev.sheave.flow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only jars that nothing refers to are left out; in doubt a jar is uploaded. */
class NeededLibrariesTest {
  @TempDir Path folder;

  /** A jar with one class {@code org.NAME.Thing}, and some texts. */
  private Path library(String name, Map<String, String> texts) throws Exception {
    Path classes =
        Programs.compile(
            folder.resolve(name + "-classes"),
            "",
            Map.of(
                "Thing.java",
                "package org."
                    + name
                    + "; public class Thing { public static String x() { return"
                    + " \"x\"; } }"));
    return Programs.jar(folder.resolve(name + ".jar"), Map.of(), texts, classes);
  }

  /** Which libraries a flow with such a body needs. */
  private List<String> needed(String body, Path... libraries) throws Exception {
    Path code = folder.resolve("code");
    String classPath =
        String.join(":", Stream.of(libraries).map(Path::toString).toArray(String[]::new));
    Programs.compile(
        code,
        classPath,
        Map.of(
            "App.java",
            "package app; public class App { static Object f() throws Exception { "
                + body
                + " } }"));
    List<Path> entries = new ArrayList<>(List.of(code));
    entries.addAll(List.of(libraries));
    return NeededLibraries.of(entries, code).stream()
        .filter(entry -> !entry.equals(code))
        .map(entry -> entry.getFileName().toString())
        .toList();
  }

  @Test
  void whatNothingRefersToIsLeftOut() throws Exception {
    Path used = library("used", Map.of());
    Path unused = library("unused", Map.of("META-INF/LICENSE", "x", "README.md", "org.used"));

    assertThat(needed("return org.used.Thing.x();", unused, used)).containsExactly("used.jar");
    assertThat(needed("return new int[0];", unused, used)).isEmpty();
  }

  @Test
  void whatAKeptJarRefersToIsKept() throws Exception {
    Path deep = library("deep", Map.of());
    Path middle =
        Programs.jar(
            folder.resolve("middle.jar"),
            Map.of(),
            Map.of(),
            Programs.compile(
                folder.resolve("middle-classes"),
                deep.toString(),
                Map.of(
                    "Middle.java",
                    "package org.middle; public class Middle { public org.deep.Thing[] all; }")));

    assertThat(needed("return new org.middle.Middle();", deep, middle))
        .containsExactly("deep.jar", "middle.jar");
  }

  @Test
  void whatIsNamedByATextIsKept() throws Exception {
    Path library =
        library("named", Map.of("templates/mail.html", "hi", "i18n/words_de_AT.properties", "a=b"));

    for (String body :
        List.of(
            "return Class.forName(\"org.named.Thing\");",
            "return Class.forName(\"org.named.\" + System.getProperty(\"x\"));",
            "return App.class.getResource(\"/templates/mail.html\");",
            "return App.class.getResource(\"/templates/\" + System.getProperty(\"x\"));",
            "return java.util.ResourceBundle.getBundle(\"i18n.words\");",
            "return \"org.named\";")) {
      assertThat(needed(body, library)).as(body).containsExactly("named.jar");
    }
  }

  @Test
  void whatProvidesAServiceIsKeptForThoseWhoLookForIt() throws Exception {
    Path driver =
        library("driver", Map.of("META-INF/services/java.sql.Driver", "org.driver.Thing\n"));
    Path plugin =
        library("plugin", Map.of("META-INF/services/org.api.Plugin", "org.plugin.Thing\n"));
    Path blocks =
        library(
            "blocks",
            Map.of("META-INF/services/dev.sheave.block.BlockProvider", "org.blocks.Thing\n"));

    assertThat(needed("return java.sql.DriverManager.getConnection(\"jdbc:x:\");", driver, plugin))
        .containsExactly("driver.jar");
    assertThat(needed("return \"org.api.Plugin\";", driver, plugin)).containsExactly("plugin.jar");
    assertThat(needed("return null;", driver, plugin, blocks))
        .as("block types are looked for in every run")
        .containsExactly("blocks.jar");
  }

  @Test
  void whatAServiceFileOfTheProgramNamesIsKept() throws Exception {
    Path provider = library("provider", Map.of());
    Path resources = folder.resolve("resources/META-INF/services");
    Files.createDirectories(resources);
    Files.writeString(resources.resolve("java.lang.Runnable"), "org.provider.Thing # mine\n");
    Path code =
        Programs.compile(
            folder.resolve("code"), "", Map.of("A.java", "package app; public class A {}"));

    assertThat(NeededLibraries.of(List.of(code, folder.resolve("resources"), provider), code))
        .containsExactly(code, folder.resolve("resources"), provider);
  }

  @Test
  void aJarIsSheavesOwnByNameAndContentTogether() throws Exception {
    Map<String, String> slf4j = Map.of("org/slf4j/Logger.class", "");
    Map<String, String> core = Map.of("dev/sheave/Sheave.class", "");
    Path api = folder.resolve("slf4j-api.jar");
    Programs.jar(api, Map.of("Bundle-SymbolicName", "slf4j.api"), slf4j);
    Path own = folder.resolve("any name.jar");
    Programs.jar(own, Map.of("Automatic-Module-Name", "dev.sheave.core"), core);
    Path likeOwn = folder.resolve("sheave-core.jar");
    Programs.jar(likeOwn, Map.of("Automatic-Module-Name", "dev.sheave.mine"), core);
    Path shaded = folder.resolve("shaded.jar");
    Programs.jar(
        shaded,
        Map.of("Automatic-Module-Name", "dev.sheave.core"),
        Map.of("dev/sheave/Sheave.class", "", "org/slf4j/Logger.class", "", "com/A.class", ""));
    Path impostor = folder.resolve("logging.jar");
    Programs.jar(impostor, Map.of(), slf4j);

    assertThat(List.of(api, own)).allMatch(ShippedCode::contains);
    assertThat(List.of(likeOwn, shaded, impostor)).noneMatch(ShippedCode::contains);
  }
}
