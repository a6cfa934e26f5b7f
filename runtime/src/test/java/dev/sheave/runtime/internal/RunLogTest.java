package dev.sheave.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.api.FlowRunApi.NewLogLine;
import dev.sheave.api.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.event.Level;

@Timeout(60)
class RunLogTest {
  final UUID run = UUID.randomUUID();
  final RecordedLogs store = new RecordedLogs();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  final RunLog log =
      new RunLog(
          run,
          "wise-owl\n\u001b",
          store,
          Level.INFO,
          recordsItself(),
          new PrintStream(printed, true, StandardCharsets.UTF_8));
  final Logger logger = log.logger();

  boolean recordsItself() {
    return false;
  }

  @AfterEach
  void close() {
    store.release();
    log.close();
  }

  List<String> messages() {
    return store.lines().stream().map(NewLogLine::message).toList();
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void linesAreRecordedAndPrinted() {
    logger.info("Hello {}!", "Marvin");
    logger.warn("Two lines\nof text");
    logger.debug("not wanted at this level");
    assertThat(log.flush(Duration.ofSeconds(10))).isTrue();

    assertThat(store.lines())
        .extracting(NewLogLine::flowRunId, NewLogLine::name, NewLogLine::level, NewLogLine::message)
        .containsExactly(
            Tuple.tuple(run, "sheave.flow_runs", LogLevel.INFO, "Hello Marvin!"),
            Tuple.tuple(run, "sheave.flow_runs", LogLevel.WARNING, "Two lines\nof text"));
    assertThat(printed().lines().findFirst().orElseThrow())
        .matches(
            "\\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\| INFO    \\| Flow run 'wise-owl\\\\n ' - Hello Marvin!");
    assertThat(printed()).contains(" | WARNING | Flow run 'wise-owl\\n ' - Two lines");
  }

  @Test
  void linesGoInBatches() {
    IntStream.range(0, 5_000).forEach(i -> logger.info("line {}", i));
    assertThat(log.flush(Duration.ofSeconds(10))).isTrue();

    assertThat(messages())
        .containsExactlyElementsOf(IntStream.range(0, 5_000).mapToObj(i -> "line " + i).toList());
    assertThat(store.batches()).isLessThan(20);
  }

  @Test
  void linesWaitForAStoreThatIsAway() {
    store.failNext(2);
    logger.info("patience");

    assertThat(log.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(messages()).containsExactly("patience");
    assertThat(printed()).contains("Log lines are waiting to be recorded: The store is away.");
  }

  @Test
  void thatTheRunWasDeletedIsSaidOnce() {
    store.deleteRun();
    for (int i = 0; i < 3; i++) {
      logger.info("line {}", i);
      assertThat(log.flush(Duration.ofSeconds(10))).isTrue();
    }

    assertThat(store.batches()).isGreaterThan(1);
    assertThat(printed()).containsOnlyOnce("could not be recorded: The flow run doesn't exist.");
  }

  @Test
  void aStoreThatHangsHoldsNobodyUpForEver() {
    store.hold();
    logger.info("stuck");

    assertThat(log.flush(Duration.ofMillis(100))).isFalse();
    store.release();
    assertThat(log.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(messages()).containsExactly("stuck");
  }

  @Test
  void whoWritesFasterThanTheStoreTakesIsHeldUpAndLosesNothing() throws Exception {
    String text = "x".repeat(60_000);
    int written = 1_200; // more than is kept, and less than a run may write at once
    store.hold();
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < written; i++) {
                logger.info(text);
              }
            });
    writer.start();
    while (writer.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    store.release();
    writer.join();
    log.close();

    assertThat(messages()).hasSize(written).containsOnly(text);
  }

  @Test
  void aFloodIsBoundedAndSaidSo() {
    int written = RunLog.BURST + 50_000;
    for (int i = 0; i < written; i++) {
      logger.info("a flood");
    }
    assertThat(log.flush(Duration.ofSeconds(30))).isTrue();
    logger.info("after the flood");
    log.close();

    long recorded = messages().stream().filter("a flood"::equals).count();
    assertThat(recorded).isBetween((long) RunLog.BURST, written - 10_000L);
    assertThat(messages())
        .anyMatch(
            text ->
                text.endsWith(
                    " log lines were left out: after its first 200,000 lines or 100,000,000"
                        + " characters, a run may write 2,000 lines or 1,000,000 characters a"
                        + " second."));
  }

  @Test
  void aFloodOfLongLinesIsBoundedAndSaidSoAtItsEnd() {
    String text = "x".repeat(60_000);
    int written = RunLog.BURST_CHARACTERS / text.length() + 1_000;
    for (int i = 0; i < written; i++) {
      logger.info(text);
    }
    log.close();

    long recorded = messages().stream().filter(text::equals).count();
    assertThat(recorded).isLessThan(written - 500L);
    assertThat(messages().get(messages().size() - 1)).contains("log lines were left out");
  }

  @Test
  void aLongMessageIsCutAndSaidSo() {
    logger.info("x".repeat(RunLog.MAX_MESSAGE + 1_000));
    log.close();

    assertThat(messages())
        .singleElement()
        .asString()
        .endsWith("x… (1,000 more characters were left out)");
  }

  @Test
  void whatCannotBePrintedDoesNoHarm() {
    logger.info(
        "An argument {}",
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no text");
          }
        });
    logger.error("An error", new Unspeakable());
    logger.info("a zero \0 in it");
    log.close();

    assertThat(messages().get(0)).startsWith("An argument");
    assertThat(messages().get(1))
        .startsWith("An error\n" + Unspeakable.class.getName() + " (its toString throws")
        .contains("at " + RunLogTest.class.getName());
    assertThat(messages().get(2)).isEqualTo("a zero \uFFFD in it");
  }

  private static final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }
}
