package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.block.Block;
import dev.sheave.block.Secret;
import dev.sheave.deployment.FlowRunHandle;
import dev.sheave.deployment.RunOptions;
import dev.sheave.flow.Entrypoint;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flows load blocks of types that somebody made, and their code and runs may be on such blocks. */
@Timeout(180)
class OwnBlockTypesTest {
  private static final String FLOW =
      """
      import acme.Depot;
      import acme.Engine;
      import acme.Vault;
      import dev.sheave.block.Block;
      import dev.sheave.flow.Flow;
      import dev.sheave.infrastructure.Infrastructure;

      public class Use {
        @Flow
        public static String use() {
          Vault vault = Block.load("vault/v", Vault.class);
          Depot depot = (Depot) Block.load("depot/d");
          boolean isEngine = Block.load("engine/e", Infrastructure.class) instanceof Engine;
          return vault.key().reveal()
              + " " + depot.vault().equals(vault)
              + " " + isEngine
              + " " + System.getenv("ENGINE_KEY");
        }
      }
      """;

  @TempDir Path directory;

  /** Deploys the flow with its code in a depot, to run on an engine, and runs it. */
  private Object deployAndRun() {
    try (Workshop workshop = new Workshop(directory)) {
      workshop.write("Use.java", FLOW);
      var blocks = workshop.sheave.blocks();
      blocks.save(blocks.create("vault", Map.of("key", Secret.of("hunter2"))), "v");
      Block depot =
          blocks.save(
              blocks.create(
                  "depot", Map.of("folder", directory.resolve("depot"), "vault", "vault/v")),
              "d");
      Block engine = blocks.save(blocks.create("engine", Map.of("vault", "vault/v")), "e");
      workshop
          .sheave
          .deployments()
          .buildFromDirectory(workshop.code, Entrypoint.parse("Use.java:use"), "own")
          .storage(depot)
          .path("code")
          .infrastructure(engine)
          .infraOverrides(Map.of("env", Map.of("LANG", "C")))
          .workQueueName(Workshop.QUEUE)
          .apply();
      assertThat(directory.resolve("depot/code/Use.java")).exists();
      FlowRunHandle run = workshop.sheave.deployments().run("use/own", RunOptions.DEFAULTS);

      workshop.agent().build().runOnce();

      assertThat(workshop.log(run.id()))
          .anyMatch(line -> line.contains("storage at 'depot:code'"))
          .noneMatch(line -> line.contains("hunter2"));
      return String.valueOf(workshop.stateOf(run.id()).data());
    }
  }

  @Test
  void theyAreInAPlugin() throws Exception {
    new OwnTypes().writeTo(directory.resolve("home/plugins/acme.jar"));

    assertThat(deployAndRun()).asString().contains("hunter2 true true hunter2");
  }

  @Test
  void theyAreInAPluginAndAmongTheFlowsOwnJars() throws Exception {
    Path plugin = new OwnTypes().writeTo(directory.resolve("home/plugins/acme.jar"));
    Files.createDirectories(directory.resolve("code/lib"));
    Files.copy(plugin, directory.resolve("code/lib/acme.jar"));

    assertThat(deployAndRun()).asString().contains("hunter2 true true hunter2");
  }

  @Test
  void aTypeIsAmongTheFlowsSourcesAndNotListedAnywhere() {
    try (Workshop workshop = new Workshop(directory)) {
      workshop.write(
          "Stamp.java",
          """
          import dev.sheave.block.*;
          import org.jspecify.annotations.Nullable;

          @BlockType(slug = "stamp", name = "Stamp", description = "In the flow's sources.")
          public final class Stamp extends Block {
            private final String text;
            private final @Nullable String color;

            public Stamp(
                @BlockField(description = "What it says.") String text,
                @BlockField(description = "Its color.") @Nullable String color) {
              this.text = text;
              this.color = color;
            }

            public String text() {
              return text + color;
            }
          }
          """);
      workshop.writeFlow(
          """
          new Stamp("paid", null).save("s");
          return dev.sheave.block.Block.load("stamp/s", Stamp.class).text();
          """);

      assertThat(workshop.runOnce().state().data())
          .isEqualTo(Map.of("type", "literal", "value", "paidnull"));
      assertThat(workshop.sheave.blocks().document("stamp/s").data()).containsEntry("text", "paid");
    }
  }

  @Test
  void theyAreInTheProgramThatHasTheAgent() throws Exception {
    Path jar =
        new OwnTypes()
            .source(
                "acme/App.java",
                """
                package acme;
                import dev.sheave.*;
                import dev.sheave.agent.Agent;
                import dev.sheave.block.*;
                import dev.sheave.deployment.*;
                import dev.sheave.flow.*;
                import java.nio.file.*;
                import java.time.Duration;

                public final class App {
                  @Flow
                  public static String greet(@Param("name") String name) {
                    Vault vault = Block.load("vault/v", Vault.class);
                    Depot depot = (Depot) Block.load("depot/d");
                    return name + " " + vault.key().reveal() + " " + depot.vault().equals(vault);
                  }

                  public static void main(String[] arguments) {
                    Path home = Path.of(arguments[0]);
                    try (Sheave sheave = Sheave.builder().home(home).connect()) {
                      Vault vault = sheave.blocks().save(new Vault(Secret.of("hunter2")), "v");
                      Depot depot =
                          sheave.blocks().save(new Depot(home.resolve("depot"), vault), "d");
                      Engine engine =
                          sheave.blocks().save(new Engine(java.util.Map.of(), vault), "e");
                      sheave.deployments()
                          .buildFromFlow(App::greet, "own")
                          .storage(depot)
                          .path("code")
                          .infrastructure(engine)
                          .apply();
                      FlowRunHandle run =
                          sheave.deployments()
                              .run(
                                  "greet/own",
                                  RunOptions.DEFAULTS.withParameters(
                                      java.util.Map.of("name", "Marvin")));
                      Agent.builder(sheave).queues("default").output(l -> {}).build().runOnce();
                      System.out.println(run.await(Duration.ofSeconds(60)).state().data());
                    }
                  }
                }
                """)
            .writeTo(directory.resolve("app/lib/app.jar"));
    Process program =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    // Surefire's has an empty element at its end
                    jar
                        + File.pathSeparator
                        + System.getProperty("java.class.path")
                            .replaceAll(File.pathSeparator + "$", ""),
                    "acme.App",
                    directory.resolve("home").toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(program.waitFor()).as(output).isZero();
    assertThat(output).contains("Marvin hunter2 true");
  }
}
