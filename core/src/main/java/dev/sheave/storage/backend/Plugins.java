package dev.sheave.storage.backend;

import dev.sheave.SheaveException;
import dev.sheave.internal.Settings;
import dev.sheave.internal.TrustedFiles;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jars in {@code SHEAVE_HOME/plugins}, for backends whose libraries can be extended. */
public final class Plugins {
  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

  private Plugins() {}

  /**
   * Returns a class loader of all plugins; it stays open. A plugin that others than this user may
   * write is left out.
   *
   * @param parent is asked first
   */
  public static ClassLoader loader(ClassLoader parent) {
    return loader(parent, Settings.home(System.getenv()));
  }

  static ClassLoader loader(ClassLoader parent, Path home) {
    List<URL> jars = new ArrayList<>();
    for (Path plugin : list(home.resolve("plugins"))) {
      try {
        TrustedFiles.check(home, plugin);
        for (Path jar : Files.isDirectory(plugin) ? list(plugin) : List.of(plugin)) {
          if (jar.toString().endsWith(".jar")) {
            jars.add(jar.toUri().toURL());
          }
        }
      } catch (SheaveException | MalformedURLException e) {
        LOG.warn("The plugin '{}' was left out: {}", plugin, e.getMessage());
      }
    }
    return new URLClassLoader(jars.toArray(URL[]::new), parent);
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    } catch (IOException e) {
      LOG.debug("The plugins in {} were left out: {}", folder, e.toString());
      return List.of();
    }
  }
}
