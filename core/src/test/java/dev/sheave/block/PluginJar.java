package dev.sheave.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Somebody's jar with block types, compiled when a test runs. */
final class PluginJar {
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final List<String> providers = new ArrayList<>();

  /** Adds a class. */
  PluginJar source(String className, String text) {
    sources.put(className, text);
    return this;
  }

  /** Adds a class that is listed as a provider. */
  PluginJar provider(String className, String text) {
    providers.add(className);
    return source(className, text);
  }

  /** Adds a provider that is listed but isn't there. */
  PluginJar missingProvider(String className) {
    providers.add(className);
    return this;
  }

  /** Returns a jar with one block type, {@code slug}, whose blocks have a text {@code value}. */
  static PluginJar withType(String packageName, String slug) {
    return new PluginJar()
        .provider(
            packageName + ".Provider",
            """
            package %s;
            import dev.sheave.block.*;
            import java.util.*;
            public final class Provider implements BlockProvider {
              public List<BlockTypeDescriptor> types() {
                return List.of(
                    new BlockTypeDescriptor("%s", "Plugin", Set.of(), "%s.PluginBlock"));
              }
            }
            """
                .formatted(packageName, slug, packageName))
        .source(
            packageName + ".PluginBlock",
            """
            package %s;
            import dev.sheave.block.*;
            @BlockType(slug = "%s", name = "Plugin", description = "From a plugin.")
            public final class PluginBlock extends Block {
              private final String value;
              public PluginBlock(@BlockField(description = "A text.") String value) {
                this.value = value;
              }
            }
            """
                .formatted(packageName, slug));
  }

  /** Compiles the classes and writes the jar. */
  Path writeTo(Path jar) throws IOException {
    Path work = Files.createTempDirectory("plugin");
    try {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-d",
                  work.toString(),
                  "-parameters",
                  "-proc:none",
                  "-classpath",
                  System.getProperty("java.class.path")));
      for (Map.Entry<String, String> source : sources.entrySet()) {
        Path file = work.resolve(source.getKey().replace('.', '/') + ".java");
        Files.createDirectories(file.resolve(".."));
        Files.writeString(file, source.getValue());
        arguments.add(file.toString());
      }
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      if (!sources.isEmpty()) {
        assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
      }
      Files.createDirectories(jar.resolve(".."));
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream entries = new JarOutputStream(out);
          Stream<Path> files = Files.walk(work)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
          entries.putNextEntry(new ZipEntry(work.relativize(file).toString().replace('\\', '/')));
          entries.write(Files.readAllBytes(file));
        }
        entries.putNextEntry(new ZipEntry("META-INF/services/" + BlockProvider.class.getName()));
        entries.write(String.join("\n", providers).getBytes(StandardCharsets.UTF_8));
      }
      return jar;
    } finally {
      try (Stream<Path> files = Files.walk(work)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
