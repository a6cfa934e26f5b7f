package dev.sheave.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** Somebody's jar with a block type, {@code canary}, that has secrets wherever one can be. */
final class CanaryPlugin {
  private static final String BLOCK =
      """
      package canary;
      import dev.sheave.block.*;
      import java.util.*;
      @BlockType(slug = "canary", name = "Canary", description = "Has secrets.")
      public final class CanaryBlock extends Block {
        public record Login(String user, Secret password) {}
        private final int port;
        private final Secret plain;
        private final List<Secret> list;
        private final Map<String, Secret> map;
        private final SecretMap settings;
        private final Login login;
        private final List<Login> logins;
        private final Map<String, Login> byName;
        private final SecretBlock token;
        private final List<SecretBlock> tokens;
        public CanaryBlock(
            @BlockField(description = "None.") int port,
            @BlockField(description = "One.") Secret plain,
            @BlockField(description = "Many.") List<Secret> list,
            @BlockField(description = "By name.") Map<String, Secret> map,
            @BlockField(description = "Leaves.") SecretMap settings,
            @BlockField(description = "In a record.") Login login,
            @BlockField(description = "In records.") List<Login> logins,
            @BlockField(description = "In records by name.") Map<String, Login> byName,
            @BlockField(description = "In a block.") SecretBlock token,
            @BlockField(description = "In blocks.") List<SecretBlock> tokens) {
          this.port = port;
          this.plain = plain;
          this.list = list;
          this.map = map;
          this.settings = settings;
          this.login = login;
          this.logins = logins;
          this.byName = byName;
          this.token = token;
          this.tokens = tokens;
        }
        public Secret plain() {
          return plain;
        }
        public CanaryBlock withPort(int other) {
          return new Block.Builder<CanaryBlock>(this) {
            @Override
            protected CanaryBlock create() {
              return new CanaryBlock(
                  other, plain, list, map, settings, login, logins, byName, token, tokens);
            }
          }.build();
        }
      }
      """;
  private static final String PROVIDER =
      """
      package canary;
      import dev.sheave.block.*;
      import java.util.*;
      public final class Provider implements BlockProvider {
        public List<BlockTypeDescriptor> types() {
          return List.of(
              new BlockTypeDescriptor("canary", "Canary", Set.of(), "canary.CanaryBlock"));
        }
      }
      """;

  private CanaryPlugin() {}

  /** Compiles the classes and writes the jar. */
  static void writeTo(Path jar, Path work) throws IOException {
    Path sources = Files.createDirectories(work.resolve("canary"));
    Files.writeString(sources.resolve("CanaryBlock.java"), BLOCK);
    Files.writeString(sources.resolve("Provider.java"), PROVIDER);
    Path classes = Files.createDirectories(work.resolve("classes"));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "-d",
                    classes.toString(),
                    "-parameters",
                    "-proc:none",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    sources.resolve("CanaryBlock.java").toString(),
                    sources.resolve("Provider.java").toString()))
        .isZero();
    Files.createDirectories(jar.resolveSibling("."));
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        entries.write(Files.readAllBytes(file));
      }
      entries.putNextEntry(new ZipEntry("META-INF/services/dev.sheave.block.BlockProvider"));
      entries.write("canary.Provider".getBytes(StandardCharsets.UTF_8));
    }
  }
}
