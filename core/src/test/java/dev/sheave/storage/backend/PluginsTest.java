package dev.sheave.storage.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
  @TempDir Path home;

  private void jar(String file, String entry) throws IOException {
    Path jar = home.resolve("plugins").resolve(file);
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(entry));
    }
  }

  @Test
  void jarsAndFoldersOfJarsAreFound() throws IOException {
    jar("one.jar", "META-INF/one");
    jar("folder/two.jar", "META-INF/two");
    jar("three.txt", "META-INF/three");
    ClassLoader loader = Plugins.loader(PluginsTest.class.getClassLoader(), home);

    assertThat(loader.getResource("META-INF/one")).isNotNull();
    assertThat(loader.getResource("META-INF/two")).isNotNull();
    assertThat(loader.getResource("META-INF/three")).isNull();
  }

  @Test
  void withoutPluginsThereIsNone() {
    ClassLoader parent = PluginsTest.class.getClassLoader();

    assertThat(Plugins.loader(parent, home).getParent()).isEqualTo(parent);
  }
}
