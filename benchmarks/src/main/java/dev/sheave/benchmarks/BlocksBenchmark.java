package dev.sheave.benchmarks;

import dev.sheave.Sheave;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.Page;
import dev.sheave.block.Block;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.block.SecretBlock;
import dev.sheave.storage.s3.S3;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.ListStatistics;
import org.openjdk.jmh.util.Statistics;

/**
 * Measures block operations over an open connection, in a store with {@value #DOCUMENTS} blocks,
 * and whole commands from the start to the end of their process.
 *
 * <p>{@code bin/bench blocks} runs it.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
public class BlocksBenchmark {
  static final int DOCUMENTS = 10_000;

  private static final String HOME = "sheave.benchmark.home";
  private static final int ROUNDS = 5;

  private final Sheave sheave = connect(Path.of(System.getProperty(HOME)));
  private int count;

  /**
   * Creates the store, and measures.
   *
   * @param args the launcher, and an empty folder
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[1]).resolve("home");
    System.err.println("saving " + DOCUMENTS + " blocks");
    try (Sheave sheave = connect(home)) {
      for (int i = 0; i < DOCUMENTS; i++) {
        sheave.blocks().save(i % 2 == 0 ? storage(i) : secret(i), "block-" + i, SaveMode.CREATE);
      }
    }
    System.err.println("measuring");
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(BlocksBenchmark.class.getName())
                    .jvmArgsAppend("-D" + HOME + "=" + home, "-Dslf4j.internal.verbosity=ERROR")
                    .shouldDoGC(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    System.out.printf(
        Locale.ROOT, "%n%-28s %10s %10s %10s%n", "milliseconds", "median", "90%", "99%");
    for (RunResult result : results) {
      Statistics times = result.getPrimaryResult().getStatistics();
      print(
          result.getPrimaryResult().getLabel(),
          times.getPercentile(50),
          times.getPercentile(90),
          times.getPercentile(99));
    }
    System.out.printf(
        Locale.ROOT, "%n%-28s %10s %10s %10s%n", "whole commands", "median", "least", "most");
    command(Path.of(args[0]), home, "block inspect", "block", "inspect", "s3/block-0");
    command(
        Path.of(args[0]),
        home,
        "block create --overwrite",
        "block",
        "create",
        "local-file-system",
        "mine",
        "--set",
        "basepath=/tmp",
        "--overwrite");
    command(Path.of(args[0]), home, "block ls", "block", "ls");
  }

  private static void print(String name, double... milliseconds) {
    System.out.printf(Locale.ROOT, "%-28s", name);
    for (double each : milliseconds) {
      System.out.printf(Locale.ROOT, " %10.3f", each);
    }
    System.out.println();
  }

  private static void command(Path sheave, Path home, String name, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(sheave.toString());
    command.addAll(List.of(words));
    ListStatistics times = new ListStatistics();
    for (int round = 0; round <= ROUNDS; round++) {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().keySet().removeIf(variable -> variable.startsWith("SHEAVE_"));
      builder.environment().put("SHEAVE_HOME", home.toString());
      long start = System.nanoTime();
      int code = builder.start().waitFor();
      double milliseconds = (System.nanoTime() - start) / 1e6;
      if (code != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed");
      }
      if (round > 0) {
        times.addValue(milliseconds);
      }
    }
    print(name, times.getPercentile(50), times.getMin(), times.getMax());
  }

  private static Sheave connect(Path home) {
    return Sheave.builder().home(home).url("jdbc:sqlite:" + home.resolve("sheave.db")).connect();
  }

  private static S3 storage(int number) {
    return S3.builder()
        .bucketPath("bucket-full-of-sunshine/flows/" + number)
        .awsAccessKeyId(Secret.of("AKIAIOSFODNN7EXAMPLE"))
        .awsSecretAccessKey(Secret.of("wJalrXUtnFEMI/K7MDENG/" + number))
        .build();
  }

  private static SecretBlock secret(int number) {
    return new SecretBlock(Secret.of("secret " + number));
  }

  /** Disconnects. */
  @TearDown
  public void close() {
    sheave.close();
  }

  /** A block with two secrets, which the store has and this process has not. */
  @Benchmark
  public Block load() {
    count = (count + 2) % DOCUMENTS;
    return sheave.blocks().load("s3/block-" + count);
  }

  /** A block that is changed and saved under its name. */
  @Benchmark
  public Block saveOverwrite() {
    count++;
    return sheave.blocks().save(storage(count), "changed", SaveMode.OVERWRITE);
  }

  /** A block that is new. */
  @Benchmark
  public Block saveNew() {
    return sheave.blocks().save(secret(count), "new-" + System.nanoTime(), SaveMode.CREATE);
  }

  /** The first 200 of all. */
  @Benchmark
  public List<BlockDocumentRecord> firstPage() {
    return page(0);
  }

  /** The last 200 of all. */
  @Benchmark
  public List<BlockDocumentRecord> lastPage() {
    return page(DOCUMENTS - Page.FIRST.limit());
  }

  private List<BlockDocumentRecord> page(int offset) {
    return sheave.blocks().list(BlockDocumentFilter.NAMED, new Page(Page.FIRST.limit(), offset));
  }
}
