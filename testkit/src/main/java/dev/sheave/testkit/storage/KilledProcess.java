package dev.sheave.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.testkit.OwnProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is killed a while after it says that its work begins. */
final class KilledProcess {
  private static final String BEGUN = "begun";
  private static final String DONE = "done";

  private KilledProcess() {}

  /**
   * Runs a class and kills it.
   *
   * @param main the class, whose main method calls {@link #begin} and {@link #end}
   * @param afterNanos when it is killed, from the beginning of its work
   * @return how many nanoseconds its work took; 0 if it was killed
   */
  static long run(Class<?> main, long afterNanos, String... arguments)
      throws IOException, InterruptedException {
    Process process =
        OwnProcess.java(List.of(), main, arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo(BEGUN);
      long start = System.nanoTime();
      if (!process.waitFor(afterNanos, TimeUnit.NANOSECONDS)) {
        process.toHandle().destroyForcibly(); // what it said can still be read
      }
      String done = out.readLine();
      long took = System.nanoTime() - start;
      process.waitFor();
      assertThat(done).isIn(DONE, null);
      return done == null ? 0 : took;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Called by the process when its work begins. */
  static void begin() {
    System.out.println(BEGUN);
  }

  /** Called by the process when its work is done. */
  static void end() {
    System.out.println(DONE);
  }
}
