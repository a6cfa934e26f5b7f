package dev.sheave.benchmarks.transfer;

import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts trees to every storage and gets them back, in turns, and prints a table of medians; then
 * counts round trips by a proxy. A storage that can't be written to is a Git repository.
 *
 * <p>Arguments: a folder to work in, the number of rounds, the names of storages.
 */
public final class StoragesBenchmark {
  private static final int SMALL_FILES = 500;
  private static final int SMALL_BYTES = 4 * 1024;
  private static final int LARGE_FILES = 4;
  private static final int LARGE_BYTES = 32 * 1024 * 1024;

  private final Path work;
  private final Path small;
  private final Path large;
  private final int rounds;
  private final List<MeasuredStorage> storages = new ArrayList<>();
  private final Map<String, Figures> figures = new LinkedHashMap<>();
  private final @Nullable GitRepositories repositories;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private enum Move {
    PUT_SMALL,
    PUT_UNCHANGED,
    GET_SMALL,
    PUT_LARGE,
    GET_LARGE
  }

  /** Of one storage: seconds, and how much was said. */
  private static final class Figures {
    private final Map<Move, List<Double>> seconds = new EnumMap<>(Move.class);
    private final Map<Move, Long> roundTrips = new EnumMap<>(Move.class);

    void add(Move move, double value) {
      seconds.computeIfAbsent(move, key -> new ArrayList<>()).add(value);
    }

    /** Of something in each second; nothing if it wasn't measured. */
    String rate(Move move, double of) {
      double median = median(move);
      return Double.isNaN(median) ? "" : String.format(Locale.ROOT, "%.0f", of / median);
    }

    String median(Move move, String format) {
      double median = median(move);
      return Double.isNaN(median) ? "" : String.format(Locale.ROOT, format, median);
    }

    private double median(Move move) {
      List<Double> sorted = new ArrayList<>(seconds.getOrDefault(move, List.of()));
      Collections.sort(sorted);
      int n = sorted.size();
      return n == 0 ? Double.NaN : (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }

    String said(Move move, double files, String format) {
      Long trips = roundTrips.get(move);
      return trips == null ? "" : String.format(Locale.ROOT, format, trips / files);
    }
  }

  private StoragesBenchmark(Path work, int rounds, List<String> names) throws IOException {
    this.work = work;
    this.rounds = rounds;
    this.small = work.resolve("small");
    this.large = work.resolve("large");
    for (String name : names) {
      storages.add(MeasuredStorage.of(name, work));
      figures.put(name, new Figures());
    }
    this.repositories = names.contains("github") ? new GitRepositories() : null;
  }

  /** Measures. */
  public static void main(String[] arguments) throws IOException {
    List<String> names = List.of(arguments).subList(2, arguments.length);
    new StoragesBenchmark(
            Path.of(arguments[0]),
            Integer.parseInt(arguments[1]),
            names.isEmpty() ? MeasuredStorage.NAMES : names)
        .run();
  }

  private void run() throws IOException {
    Trees.write(small, SMALL_FILES, SMALL_BYTES);
    Trees.write(large, LARGE_FILES, LARGE_BYTES);
    try {
      for (int round = 0; round <= rounds; round++) {
        for (MeasuredStorage storage : storages) {
          // the first round only warms up
          measureRound(storage, round == 0 ? new Figures() : figuresOf(storage));
        }
      }
      for (MeasuredStorage storage : storages) {
        count(storage);
      }
    } finally {
      if (repositories != null) {
        repositories.remove();
      }
    }
    print();
  }

  private Figures figuresOf(MeasuredStorage storage) {
    return figures.getOrDefault(storage.name(), new Figures());
  }

  private void measureRound(MeasuredStorage storage, Figures into) throws IOException {
    String place = newPlace();
    ReadableStorage block = storage.at(place);
    put(block, small, place, Move.PUT_SMALL, into);
    put(block, small, place, Move.PUT_UNCHANGED, into);
    get(block, small, Move.GET_SMALL, into);
    clear(block);
    place = newPlace();
    block = storage.at(place);
    put(block, large, place, Move.PUT_LARGE, into);
    get(block, large, Move.GET_LARGE, into);
    clear(block);
  }

  private static String newPlace() {
    return "bench/place-" + System.nanoTime();
  }

  private void put(ReadableStorage block, Path tree, String place, Move move, Figures into)
      throws IOException {
    if (block instanceof WritableStorage writable) {
      long start = System.nanoTime();
      writable.putDirectory(
          FileTree.of(tree, IgnoreRules.NONE), RelativePath.ROOT, TransferOptions.DEFAULTS);
      into.add(move, (System.nanoTime() - start) / 1e9);
    } else if (repositories != null && move != Move.PUT_UNCHANGED) {
      repositories.offer(tree, place);
    }
  }

  private void get(ReadableStorage block, Path tree, Move move, Figures into) throws IOException {
    Path target = Files.createDirectories(work.resolve("target"));
    long start = System.nanoTime();
    block.getDirectory(RelativePath.ROOT, target, TransferOptions.DEFAULTS);
    into.add(move, (System.nanoTime() - start) / 1e9);
    if (Trees.count(target) != Trees.count(tree)) {
      throw new IOException(block.location(RelativePath.ROOT) + " brought not all files back");
    }
    Trees.remove(target);
  }

  /** Or the disks fill up. */
  private void clear(ReadableStorage block) throws IOException {
    if (block instanceof WritableStorage writable) {
      Path nothing = Files.createDirectories(work.resolve("nothing"));
      writable.putDirectory(
          FileTree.of(nothing, IgnoreRules.NONE), RelativePath.ROOT, TransferOptions.DEFAULTS);
    }
  }

  /** The connections are open already, as in a program that runs for a while. */
  private void count(MeasuredStorage storage) throws IOException {
    if (storage.server() == null) {
      return;
    }
    try (CountingProxy proxy = new CountingProxy(storage.server())) {
      Figures ignored = new Figures();
      for (boolean counts : new boolean[] {false, true}) {
        String place = newPlace();
        ReadableStorage block = storage.at(place, proxy.port());
        for (Move move : List.of(Move.PUT_SMALL, Move.PUT_UNCHANGED, Move.GET_SMALL)) {
          long before = proxy.roundTrips();
          if (move == Move.GET_SMALL) {
            get(block, small, move, ignored);
          } else {
            put(block, small, place, move, ignored);
          }
          if (counts && (move == Move.GET_SMALL || block instanceof WritableStorage)) {
            figuresOf(storage).roundTrips.put(move, proxy.roundTrips() - before);
          }
        }
        clear(block);
      }
    }
  }

  private void print() {
    out.printf(
        "| | put, files/s | get, files/s | unchanged put, s | put, MB/s | get, MB/s |"
            + " round trips a file, put | get | unchanged put, in all |%n");
    out.printf("|---|---:|---:|---:|---:|---:|---:|---:|---:|%n");
    double megabytes = (double) LARGE_FILES * LARGE_BYTES / 1e6;
    figures.forEach(
        (name, of) ->
            out.printf(
                "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                name,
                of.rate(Move.PUT_SMALL, SMALL_FILES),
                of.rate(Move.GET_SMALL, SMALL_FILES),
                of.median(Move.PUT_UNCHANGED, "%.2f"),
                of.rate(Move.PUT_LARGE, megabytes),
                of.rate(Move.GET_LARGE, megabytes),
                of.said(Move.PUT_SMALL, SMALL_FILES, "%.2f"),
                of.said(Move.GET_SMALL, SMALL_FILES, "%.2f"),
                of.said(Move.PUT_UNCHANGED, 1, "%.0f")));
  }
}
