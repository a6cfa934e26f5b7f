package dev.sheave.flow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class path is listed as the virtual machine itself searches it. */
class ClassPathTest {
  @TempDir Path temporary;
  private Path folder;
  private Path home;

  @BeforeEach
  void aFolder() throws Exception {
    folder = temporary.toRealPath();
    home = folder.resolve("home");
  }

  /** Prints its class path, or why it can't be had. */
  private static final String LISTER =
      """
      package app;

      import dev.sheave.flow.internal.ClassPath;
      import java.nio.file.Path;

      public class Lister {
        public static void main(String[] args) throws Exception {
          for (var url : java.util.Collections.list(
              Lister.class.getClassLoader().getResources("here.txt"))) {
            System.out.println("found " + new String(url.openStream().readAllBytes()));
          }
          try {
            ClassPath.of(Lister.class, Path.of(args[0])).forEach(System.out::println);
          } catch (dev.sheave.SheaveException e) {
            System.out.println(e.code() + " " + e.getMessage());
          }
        }
      }
      """;

  private static String sheave() {
    return System.getProperty("java.class.path");
  }

  private Path withText(Path place, String text) throws Exception {
    Files.createDirectories(place);
    Files.writeString(place.resolve("here.txt"), text);
    return place;
  }

  private Path jarWithText(String name, String classPath, String text) throws Exception {
    return Programs.jar(
        folder.resolve(name),
        classPath.isEmpty() ? Map.of() : Map.of("Class-Path", classPath),
        Map.of("here.txt", text));
  }

  /** Surefire ends the property with an empty element, and a run would get the whole module. */
  @Test
  void theWorkingDirectoryOfTestsIsNoPartOfTheirClassPath() throws Exception {
    assertThat(ClassPath.of(ClassPathTest.class, home))
        .contains(Path.of("target/test-classes").toRealPath())
        .doesNotContain(Path.of("").toRealPath());
  }

  @Test
  void anEmptyElementImpliesTheWorkingDirectory() throws Exception {
    Path working = Path.of("").toRealPath();
    assertThat(List.of(":app.jar", "app.jar:", "a::b", ""))
        .map(each -> each.replace(":", File.pathSeparator))
        .allSatisfy(each -> assertThat(ClassPath.impliedDirectory(each)).contains(working));
    assertThat(List.of("app.jar", ".", ":.", "a::" + working))
        .map(each -> each.replace(":", File.pathSeparator))
        .allSatisfy(each -> assertThat(ClassPath.impliedDirectory(each)).isEmpty());
  }

  @Test
  void whatTheVirtualMachineSearchesIsListedInItsOrder() throws Exception {
    Path classes = Programs.compile(folder.resolve("classes"), "", Map.of("Lister.java", LISTER));
    Path resources = withText(folder.resolve("resources"), "1");
    jarWithText("lib/a blank.jar", "", "2");
    jarWithText("lib/per%41cent.lib", "", "3");
    jarWithText("lib/Größe", "", "4");
    jarWithText("lib/main.jar", "more/next.jar more/dir/ more/dir nothere.jar", "5");
    jarWithText("lib/more/next.jar", "../a%20blank.jar", "6");
    withText(folder.resolve("lib/more/dir"), "7");
    withText(folder.resolve("working"), "8");
    Files.writeString(folder.resolve("lib/text.jar"), "not a jar");
    Files.createFile(folder.resolve("lib/empty.jar"));
    Files.createSymbolicLink(folder.resolve("link.jar"), folder.resolve("lib/main.jar"));

    List<String> printed =
        Programs.java(
            folder.resolve("working"),
            "-cp",
            String.join(
                File.pathSeparator,
                classes.toString(),
                "../resources/../resources",
                "../lib/a blank.jar",
                "../lib/per%41cent.lib",
                "../lib/Größe",
                "../lib/text.jar",
                "../lib/empty.jar",
                "../lib/nothere.jar",
                "../nofolder",
                "../link.jar",
                "../resources",
                "",
                sheave()),
            "app.Lister",
            home.toString());

    assertThat(printed)
        .startsWith("found 1", "found 2", "found 3", "found 4", "found 5", "found 6", "found 7")
        .containsSequence(
            "found 8",
            classes.toString(),
            resources.toString(),
            folder.resolve("lib/a blank.jar").toString(),
            folder.resolve("lib/per%41cent.lib").toString(),
            folder.resolve("lib/Größe").toString(),
            folder.resolve("lib/main.jar").toString(),
            folder.resolve("lib/more/next.jar").toString(),
            folder.resolve("lib/more/dir").toString(),
            folder.resolve("working").toString());
  }

  @Test
  void aClassLoaderOfTheProgramsOwnComesAfterItsParents() throws Exception {
    Path classes =
        Programs.compile(folder.resolve("own classes"), "", Map.of("Lister.java", LISTER));
    Path jar = jarWithText("plug%in.jar", "", "x");
    URL unescaped = new URL("file:" + classes + "/");
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {jar.toUri().toURL(), unescaped}, getClass().getClassLoader())) {
      List<Path> entries = ClassPath.of(loader.loadClass("app.Lister"), home);

      assertThat(entries).endsWith(jar, classes).hasSizeGreaterThan(2);
    }
  }

  @Test
  void whatLiesWithinAnArchiveIsUnpackedOnceForItsOwnerAlone() throws Exception {
    Path classes = folder.resolve("BOOT-INF/classes");
    Programs.compile(classes, "", Map.of("Lister.java", LISTER));
    Path inner = jarWithText("BOOT-INF/lib/a b.jar", "", "inner");
    Path fat =
        Programs.jar(folder.resolve("fat ü.jar"), Map.of(), Map.of("x", "y"), folder.resolve("."));

    for (String form :
        List.of("jar:nested:%s/!BOOT-INF/lib/a b.jar!/", "jar:file:%s!/BOOT-INF/lib/a b.jar!/")) {
      String text = form.formatted(fat.toUri().getRawPath());
      CodeLocation location =
          CodeLocation.of(
                  new URL(
                      null,
                      text,
                      new URLStreamHandler() {
                        @Override
                        protected URLConnection openConnection(URL url) {
                          throw new UnsupportedOperationException();
                        }

                        @Override
                        protected void parseURL(URL url, String spec, int start, int limit) {
                          setURL(url, "jar", "", -1, "", "", spec.substring(4), null, null);
                        }
                      }))
              .orElseThrow();
      assertThat(location.file()).isEqualTo(fat);
      assertThat(location.inner()).isEqualTo("BOOT-INF/lib/a b.jar");
    }
    Path unpacked = UnpackedArchive.of(fat, home);

    assertThat(unpacked).isEqualTo(UnpackedArchive.of(fat, home)).startsWith(home);
    assertThat(unpacked.resolve("BOOT-INF/lib/a b.jar")).hasSameBinaryContentAs(inner);
    assertThat(unpacked.resolve("BOOT-INF/classes/app/Lister.class")).exists();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)))
        .isEqualTo("rwx------");
    assertThat(unpacked.getParent()).isDirectoryNotContaining("glob:**/unfinished-*");
  }

  @Test
  void aProgramThatWasStartedFromItsSourceIsToldWhatToDo() throws Exception {
    Path source = Files.writeString(folder.resolve("Lister.java"), LISTER);

    assertThat(Programs.java(folder, "-cp", sheave(), source.toString(), home.toString()))
        .containsExactly(
            "UNSUPPORTED The class app.Lister was compiled in memory by 'java Lister.java', so there"
                + " are no classes that a run could have; compile it with javac and start it with"
                + " 'java -cp', or deploy the file with buildFromDirectory.");
  }

  @Test
  void aModuleIsToldToUseTheClassPath() throws Exception {
    Path module =
        Programs.compile(
            folder.resolve("module"), "", Map.of("Mod.java", "package mod; public class Mod {}"));
    Programs.compile(module, "", Map.of("module-info.java", "module mod { exports mod; }"));

    assertThat(
            Programs.java(
                folder,
                "-cp",
                Programs.compile(
                        folder.resolve("classes"),
                        module.toString(),
                        Map.of(
                            "Lister.java",
                            LISTER.replace(
                                "ClassPath.of(Lister.class", "ClassPath.of(mod.Mod.class")))
                    + File.pathSeparator
                    + sheave(),
                "-p",
                module.toString(),
                "--add-modules",
                "mod",
                "app.Lister",
                home.toString()))
        .containsExactly(
            "UNSUPPORTED The class mod.Mod is in the module mod, and runs have a class path alone;"
                + " start this program with its jars on the class path ('java -cp'), not on the"
                + " module path or in an image of jlink.");
  }

  /** A class loader that doesn't tell where its classes are from. */
  private static final class Secretive extends ClassLoader {
    Secretive(ClassLoader parent) {
      super(parent);
    }

    Class<?> define(byte[] classFile) {
      return defineClass(null, classFile, 0, classFile.length);
    }
  }

  @Test
  void aClassLoaderThatDoesntTellIsNamed() throws Exception {
    Path classes = Programs.compile(folder.resolve("classes"), "", Map.of("Lister.java", LISTER));
    Class<?> type =
        new Secretive(getClass().getClassLoader())
            .define(Files.readAllBytes(classes.resolve("app/Lister.class")));

    Assertions.assertThatThrownBy(() -> ClassPath.of(type, home))
        .hasMessage(
            "What app.Lister was loaded from ("
                + Secretive.class.getName()
                + ") isn't a jar or"
                + " folder that another process could have on its class path; start this program"
                + " from plain jars or as a fat jar of Spring Boot's.");
  }
}
