package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Somebody's module with block types, compiled when a test runs: {@code acme.Vault}, and two that
 * hold one, the storage {@code acme.Depot} and the infrastructure {@code acme.Engine}.
 */
final class OwnTypes {
  private final Map<String, String> sources = new LinkedHashMap<>();

  OwnTypes() {
    source(
        "acme/Vault.java",
        """
        package acme;
        import dev.sheave.block.*;
        @BlockType(slug = "vault", name = "Vault", description = "Has a key.")
        public final class Vault extends Block {
          private final Secret key;
          public Vault(@BlockField(description = "The key.") Secret key) {
            this.key = key;
          }
          public Secret key() {
            return key;
          }
        }
        """);
    source(
        "acme/Depot.java",
        """
        package acme;
        import dev.sheave.block.*;
        import dev.sheave.storage.*;
        import dev.sheave.storage.transfer.*;
        import java.nio.file.Path;
        @BlockType(slug = "depot", name = "Depot", description = "Keeps code.")
        public final class Depot extends Block implements WritableStorage {
          private final Path folder;
          private final Vault vault;
          public Depot(
              @BlockField(description = "Where.") Path folder,
              @BlockField(description = "What opens it.") Vault vault) {
            this.folder = folder;
            this.vault = vault;
          }
          public Vault vault() {
            return vault;
          }
          private LocalFileSystem files() {
            return LocalFileSystem.builder().basepath(folder).build();
          }
          @Override
          public TransferSummary getDirectory(RelativePath from, Path to, TransferOptions options) {
            return files().getDirectory(from, to, options);
          }
          @Override
          public TransferSummary putDirectory(
              FileTree tree, RelativePath to, TransferOptions options) {
            return files().putDirectory(tree, to, options);
          }
          @Override
          public String location(RelativePath path) {
            return "depot:" + path;
          }
        }
        """);
    source(
        "acme/Engine.java",
        """
        package acme;
        import dev.sheave.block.*;
        import dev.sheave.infrastructure.*;
        import java.util.*;
        @BlockType(slug = "engine", name = "Engine", description = "Runs flows.")
        public final class Engine extends Block implements Infrastructure {
          private final Map<String, String> env;
          private final Vault vault;
          public Engine(
              @BlockField(description = "Variables.", defaultValue = "{}") Map<String, String> env,
              @BlockField(description = "What starts it.") Vault vault) {
            this.env = env;
            this.vault = vault;
          }
          private ProcessInfrastructure process() {
            Map<String, String> variables = new HashMap<>(env);
            variables.put("ENGINE_KEY", vault.key().reveal());
            return ProcessInfrastructure.builder().env(variables).build();
          }
          @Override
          public RunningInfrastructure start(RunRequest request) {
            return process().start(request);
          }
          @Override
          public RunningInfrastructure attach(RunRequest request, String pid, String position) {
            return process().attach(request, pid, position);
          }
          @Override
          public String preview(RunRequest request) {
            return process().preview(request);
          }
          @Override
          public void check() {
            process().check();
          }
        }
        """);
    source(
        "acme/Provider.java",
        """
        package acme;
        import dev.sheave.block.*;
        import java.util.*;
        public final class Provider implements BlockProvider {
          public List<BlockTypeDescriptor> types() {
            return List.of(
                new BlockTypeDescriptor("vault", "Vault", Set.of(), "acme.Vault"),
                new BlockTypeDescriptor(
                    "depot", "Depot", Set.of("get-directory", "put-directory"), "acme.Depot"),
                new BlockTypeDescriptor(
                    "engine", "Engine", Set.of("run-infrastructure"), "acme.Engine"));
          }
        }
        """);
  }

  /** Adds a class of the module. */
  OwnTypes source(String path, String text) {
    sources.put(path, text);
    return this;
  }

  /** Compiles the module and writes its jar. */
  Path writeTo(Path jar) throws IOException {
    Path work = Files.createTempDirectory(jar.resolve("../../..").normalize(), "own-types");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-parameters",
                "-proc:none",
                "-d",
                Files.createDirectories(work.resolve("classes")).toString(),
                "-cp",
                System.getProperty("java.class.path")));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve("sources").resolve(source.getKey());
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    Files.createDirectories(jar.resolveSibling("."));
    try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(work.resolve("classes"))) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(
            new JarEntry(
                work.resolve("classes").relativize(each).toString().replace(File.separator, "/")));
        entries.write(Files.readAllBytes(each));
      }
      entries.putNextEntry(new JarEntry("META-INF/services/dev.sheave.block.BlockProvider"));
      entries.write("acme.Provider\n".getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }
}
