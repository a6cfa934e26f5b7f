package dev.sheave;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program whose jars were merged into one, of whose service files only the first was kept. */
class MergedJarTest {
  @TempDir Path folder;

  private static final class FirstServiceFileOnly extends URLClassLoader {
    FirstServiceFileOnly(URL[] places) {
      super(places, ClassLoader.getPlatformClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      List<URL> all = Collections.list(super.getResources(name));
      return Collections.enumeration(
          name.startsWith("META-INF/services/dev.sheave.") && !all.isEmpty()
              ? all.subList(0, 1)
              : all);
    }
  }

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(place -> !place.contains("test-classes"))
        .sorted((one, other) -> Boolean.compare(isCore(other), isCore(one))) // core comes first
        .map(MergedJarTest::url)
        .toArray(URL[]::new);
  }

  private static boolean isCore(String place) {
    return place.contains("sheave-core") || place.contains("/core/");
  }

  private static URL url(String place) {
    try {
      return Path.of(place).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void isToldToMergeThemToo() throws Exception {
    try (FirstServiceFileOnly loader = new FirstServiceFileOnly(classPath())) {
      Method connect = loader.loadClass("dev.sheave.Sheave").getMethod("connect", String.class);

      assertThatThrownBy(() -> connect.invoke(null, "jdbc:sqlite:" + folder.resolve("sheave.db")))
          .rootCause()
          .message()
          .contains("dev.sheave:sheave-orchestrator is there, but isn't listed")
          .contains("ServicesResourceTransformer")
          .doesNotContain("to the class path");
    }
  }
}
