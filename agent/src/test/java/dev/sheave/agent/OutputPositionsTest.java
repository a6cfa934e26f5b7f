package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent shows of a run whose agent was killed while it showed a line. */
class OutputPositionsTest {
  @TempDir Path home;
  private final UUID run = UUID.randomUUID();
  private final List<String> rest = new ArrayList<>();
  private Path log;

  @BeforeEach
  void createLog() throws IOException {
    log = Files.createFile(home.resolve("agent.log"));
  }

  private void show(List<String> lines) {
    try {
      Files.writeString(log, String.join("\n", lines) + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shows a line, and isn't killed before that is noted. */
  private void showAndNote(OutputPositions positions, String line, String position) {
    RunOutput output = positions.of(run, this::show);
    output.lines().accept(line);
    output.positions().accept(position);
  }

  /** Lets an agent begin with a line, and the next one go on with the same. */
  private void goOnWith(String line, @Nullable ShownOutput shown, Consumer<List<String>> first) {
    new OutputPositions(home, shown).of(run, first).lines().accept(line);

    OutputPositions nextAgent = new OutputPositions(home);
    RunOutput next = nextAgent.goingOn(run, rest::addAll);
    next.lines().accept(line);
    next.lines().accept("last");
    nextAgent.show(run);
  }

  @Test
  void aLineIsNotShownAgainThatWasShownAndNotNoted() {
    showAndNote(new OutputPositions(home, ShownOutput.of(log)), "one", "4");

    goOnWith("two", ShownOutput.of(log), this::show);

    assertThat(new OutputPositions(home).noted(run)).isEqualTo("4");
    assertThat(rest).containsExactly("last");
  }

  @Test
  void neitherIsTheFirstLine() {
    goOnWith("one", ShownOutput.of(log), this::show);

    assertThat(new OutputPositions(home).noted(run)).isNull();
    assertThat(rest).containsExactly("last");
  }

  @Test
  void aLineIsShownThatWasAboutToBeShown() {
    showAndNote(new OutputPositions(home, ShownOutput.of(log)), "one", "4");

    goOnWith("one", ShownOutput.of(log), line -> {});

    assertThat(rest).containsExactly("one", "last");
  }

  @Test
  void aLineIsShownAfterOneThatWasNoted() {
    showAndNote(new OutputPositions(home, ShownOutput.of(log)), "one", "4");

    new OutputPositions(home).goingOn(run, rest::addAll).lines().accept("one");

    assertThat(rest).containsExactly("one");
  }

  @Test
  void aLineThatWasPerhapsShownElsewhereIsShownAgain() {
    goOnWith("one", null, this::show);
    assertThat(rest).containsExactly("one", "last");
    rest.clear();

    goOnWith(
        "two",
        ShownOutput.of(log),
        lines -> {
          show(lines);
          assertThat(log.toFile().delete()).isTrue();
        });
    assertThat(rest).containsExactly("two", "last");
  }

  @Test
  void ofLinesThatCameTogetherThoseAreShownThatWereNot() {
    OutputPositions positions = new OutputPositions(home, ShownOutput.of(log));
    RunOutput output =
        positions.of(run, lines -> show(lines.stream().filter(each -> !each.equals("c")).toList()));
    for (String line : List.of("a", "b", "a", "c")) {
      output.lines().accept(line);
    }
    positions.show(run);

    OutputPositions nextAgent = new OutputPositions(home);
    RunOutput next = nextAgent.goingOn(run, rest::addAll);
    for (String line : List.of("a", "b", "a", "c", "a")) {
      next.lines().accept(line);
    }
    nextAgent.show(run);
    assertThat(rest).containsExactly("c", "a");
  }

  @Test
  void manyLinesInQuickSuccessionAreShownTogetherInTheirOrder() {
    OutputPositions positions = new OutputPositions(home, ShownOutput.of(log));
    AtomicInteger calls = new AtomicInteger();
    List<String> shown = new ArrayList<>();
    RunOutput output =
        positions.of(
            run,
            lines -> {
              calls.incrementAndGet();
              shown.addAll(lines);
            });
    List<String> lines = IntStream.range(0, 10_000).mapToObj(i -> "line " + i).toList();
    for (String line : lines) {
      output.lines().accept(line);
      output.positions().accept("after " + line);
    }
    positions.show(run);

    assertThat(shown).isEqualTo(lines);
    assertThat(calls).hasValueLessThan(1_000);
    assertThat(new OutputPositions(home).noted(run)).isEqualTo("after line 9999");
  }

  @Test
  void whatIsGatheredIsShownSoon() throws Exception {
    BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    RunOutput output = new OutputPositions(home, null).of(run, shown::addAll);
    output.lines().accept("one");
    output.lines().accept("two");

    assertThat(shown.poll(30, TimeUnit.SECONDS)).isEqualTo("one");
    assertThat(shown.poll(30, TimeUnit.SECONDS)).isEqualTo("two");
  }

  @Test
  void onlyAFileTellsWhatWasShown() {
    assertThat(ShownOutput.of(Path.of("/dev/null"))).isNull();
    assertThat(ShownOutput.of(home)).isNull();
  }
}
