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
import java.util.function.Consumer;
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

  private void show(String line) {
    try {
      Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
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
  private void goOnWith(String line, @Nullable ShownOutput shown, Consumer<String> first) {
    new OutputPositions(home, shown).of(run, first).lines().accept(line);

    RunOutput next = new OutputPositions(home).goingOn(run, rest::add);
    next.lines().accept(line);
    next.lines().accept("last");
  }

  @Test
  void aLineIsNotShownAgainThatWasShownAndNotNoted() throws IOException {
    showAndNote(new OutputPositions(home, ShownOutput.of(log)), "one", "4");

    goOnWith("two", ShownOutput.of(log), this::show);

    assertThat(new OutputPositions(home).noted(run)).isEqualTo("4");
    assertThat(rest).containsExactly("last");
  }

  @Test
  void neitherIsTheFirstLine() throws IOException {
    goOnWith("one", ShownOutput.of(log), this::show);

    assertThat(new OutputPositions(home).noted(run)).isNull();
    assertThat(rest).containsExactly("last");
  }

  @Test
  void aLineIsShownThatWasAboutToBeShown() throws IOException {
    showAndNote(new OutputPositions(home, ShownOutput.of(log)), "one", "4");

    goOnWith("one", ShownOutput.of(log), line -> {});

    assertThat(rest).containsExactly("one", "last");
  }

  @Test
  void aLineIsShownAfterOneThatWasNoted() throws IOException {
    showAndNote(new OutputPositions(home, ShownOutput.of(log)), "one", "4");

    new OutputPositions(home).goingOn(run, rest::add).lines().accept("one");

    assertThat(rest).containsExactly("one");
  }

  @Test
  void aLineThatWasPerhapsShownElsewhereIsShownAgain() throws IOException {
    goOnWith("one", null, this::show);
    assertThat(rest).containsExactly("one", "last");
    rest.clear();

    goOnWith(
        "two",
        ShownOutput.of(log),
        line -> {
          show(line);
          assertThat(log.toFile().delete()).isTrue();
        });
    assertThat(rest).containsExactly("two", "last");
  }

  @Test
  void onlyAFileTellsWhatWasShown() throws IOException {
    assertThat(ShownOutput.of(Path.of("/dev/null"))).isNull();
    assertThat(ShownOutput.of(home)).isNull();
  }
}
