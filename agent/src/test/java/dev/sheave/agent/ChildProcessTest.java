package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.api.FlowRunApi.LogLine;
import dev.sheave.api.FlowRunRecord;
import dev.sheave.api.Page;
import dev.sheave.api.StateType;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.deployment.FlowRunHandle;
import dev.sheave.flow.Entrypoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A flow's process has what the program has that started it. */
@Timeout(120)
class ChildProcessTest {
  @TempDir Path directory;

  private FlowRunRecord run(Sheave sheave, String source, Map<String, Object> overrides)
      throws IOException {
    Path code = Files.createDirectories(directory.resolve("code"));
    Files.writeString(
        code.resolve("Child.java"),
        """
        import dev.sheave.block.*;
        import dev.sheave.flow.*;
        import dev.sheave.flow.Flow;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.stream.*;

        public class Child {
          %s
        }
        """
            .formatted(source));
    sheave
        .deployments()
        .buildFromDirectory(code, Entrypoint.parse("Child.java:flow"), "d")
        .infraOverrides(overrides)
        .workQueueName("q")
        .apply();
    FlowRunHandle run = sheave.deployments().load("flow/d").run(Map.of());
    try (Agent agent = Agent.builder(sheave).queues("q").output(line -> {}).build()) {
      agent.runOnce();
    }
    return run.await(Duration.ofSeconds(1));
  }

  private static List<String> log(Sheave sheave, FlowRunRecord run) {
    return sheave.api().flowRuns().listLogs(run.id(), null, Page.FIRST).stream()
        .map((LogLine line) -> line.line().message())
        .toList();
  }

  @Test
  void aProgramsOwnEncryptionKeyIsItsFlowsToo() throws Exception {
    Secret key = Secret.of(Base64.getEncoder().encodeToString(new byte[32]));
    try (Sheave sheave =
        Sheave.builder().home(directory.resolve("home")).encryptionKey(key).connect()) {
      sheave.blocks().save(new SecretBlock(Secret.of("12345")), "s", SaveMode.CREATE);

      FlowRunRecord run =
          run(
              sheave,
              """
              @Flow public static String flow() {
                boolean seen = System.getenv().values().stream().anyMatch(v -> v.contains("AAAAAAAA"))
                    || ProcessHandle.current().info().toString().contains("AAAAAAAA");
                return Block.load("secret/s", SecretBlock.class).value().reveal().length()
                    + " " + seen;
              }
              """,
              Map.of());

      assertThat(run.state().type()).as("%s", run.state()).isEqualTo(StateType.COMPLETED);
      assertThat(run.state().data()).isEqualTo(Map.of("type", "literal", "value", "5 false"));
    }
  }

  @Test
  void aProfileThatWasChosenIsItsFlowsToo() throws Exception {
    Path home = Files.createDirectories(directory.resolve("home"));
    Files.writeString(
        home.resolve("profiles.yaml"),
        """
        active: default
        profiles:
          default: {}
          loud:
            SHEAVE_LOGGING_LEVEL: DEBUG
        """);
    try (Sheave sheave =
        Sheave.builder(Map.of("SHEAVE_HOME", home.toString(), "SHEAVE_PROFILE", "loud"))
            .connect()) {
      FlowRunRecord run =
          run(
              sheave,
              """
              @Flow public static String flow() {
                FlowRunContext.current().logger().debug("said at debug");
                return System.getenv("SHEAVE_PROFILE") + " " + System.getenv("SHEAVE_HOME");
              }
              """,
              Map.of());

      assertThat(run.state().data()).isEqualTo(Map.of("type", "literal", "value", "loud " + home));
      assertThat(log(sheave, run)).contains("said at debug");
    }
  }

  /** The JDKs beside the one of this build, of other releases. */
  static Stream<Path> javas() throws IOException {
    Path own = Path.of(System.getProperty("java.home")).toRealPath();
    try (Stream<Path> all = Files.list(own.resolveSibling("."))) {
      Stream<Path> newer =
          all.filter(java -> Files.isExecutable(java.resolve("bin/java")))
              .filter(java -> release(java).contains("JAVA_VERSION=\"25"));
      return Stream.concat(Stream.of(own), newer.limit(1)).toList().stream();
    }
  }

  private static String release(Path java) {
    try {
      return Files.readString(java.resolve("release"));
    } catch (IOException e) {
      return "";
    }
  }

  @ParameterizedTest
  @MethodSource("javas")
  void whateverThreadsAFlowStartsSeeItsClassesAndItsRun(Path java) throws Exception {
    try (Sheave sheave = Sheave.builder().home(directory.resolve("home")).connect()) {
      FlowRunRecord run =
          run(
              sheave,
              """
              public static class Mine {}

              public record Hello(String name) {
                public Hello {
                  check("parameter");
                }
              }

              private static final Set<String> BAD = ConcurrentHashMap.newKeySet();
              private static final Set<Thread> SEEN = ConcurrentHashMap.newKeySet();

              static String check(String where) {
                try {
                  Thread.currentThread().getContextClassLoader().loadClass("Child$Mine");
                  if (!where.equals("parameter")) {
                    FlowRunContext.current().flowRunId();
                    SEEN.add(Thread.currentThread());
                  }
                } catch (Exception e) {
                  BAD.add(where + " " + Thread.currentThread().getName() + ": " + e);
                }
                return where;
              }

              @Flow public static String flow(
                  @Param(value = "hello", defaultValue = "{\\"name\\": \\"x\\"}") Hello hello)
                  throws Exception {
                check("main");
                IntStream.range(0, 64).parallel().forEach(i -> {
                  try { Thread.sleep(5); } catch (InterruptedException e) { throw new Error(e); }
                  check("parallel stream");
                });
                CompletableFuture.supplyAsync(() -> check("supplyAsync"))
                    .thenApplyAsync(x -> check("thenApplyAsync")).get();
                ForkJoinPool own = new ForkJoinPool(2);
                own.submit(() -> FlowRunContext.current().flowRunId()).get();
                own.shutdown();
                ExecutorService pool = Executors.newFixedThreadPool(2);
                pool.submit(() -> check("pool")).get();
                pool.submit(() -> CompletableFuture.runAsync(() -> check("nested")).join()).get();
                pool.shutdown();
                Thread thread = new Thread(() -> check("thread"));
                thread.start();
                thread.join();
                CompletableFuture.runAsync(
                    () -> check("delayed"),
                    CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)).get();
                if (Runtime.version().feature() >= 21) {
                  Object virtual =
                      Thread.class.getMethod("startVirtualThread", Runnable.class)
                          .invoke(null, (Runnable) () -> check("virtual thread"));
                  ((Thread) virtual).join();
                }
                return Runtime.version().feature() + " " + (SEEN.size() > 4) + " " + BAD;
              }
              """,
              Map.of(
                  "command",
                  List.of(
                      java.resolve("bin/java").toString(),
                      "-XX:ActiveProcessorCount=4",
                      "-cp",
                      System.getProperty("java.class.path"),
                      "dev.sheave.runtime.FlowRunMain")));

      int feature = release(java).contains("JAVA_VERSION=\"25") ? 25 : Runtime.version().feature();
      assertThat(run.state().data())
          .as("%s %s", run.state(), log(sheave, run))
          .isEqualTo(Map.of("type", "literal", "value", feature + " true []"));
    }
  }
}
