package dev.sheave.testkit.infrastructure;

import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.testkit.OwnProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A program that starts a run and follows it until it is killed. */
final class KilledStarter {
  private static final String LINE = "line ";
  private static final String POSITION = "position ";

  private KilledStarter() {}

  /**
   * What the program has got of the run.
   *
   * @param lines of output
   * @param position after the last of them
   */
  record Seen(List<String> lines, String position) {}

  /**
   * Runs the program, and kills it after some lines of output.
   *
   * @param contract makes the infrastructure: a class with a constructor without parameters
   */
  static Seen run(
      Class<? extends InfrastructureContract> contract,
      String script,
      Path home,
      UUID run,
      int killedAfterLines)
      throws IOException, InterruptedException {
    Process process =
        OwnProcess.java(
                List.of(),
                KilledStarter.class,
                contract.getName(),
                script,
                home.toString(),
                run.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines = new ArrayList<>();
    String position = "";
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int positions = 0; // of the one that was read before the last line, nothing is known
      while (lines.size() < killedAfterLines || positions < 2) {
        String told = out.readLine();
        if (told == null) {
          throw new AssertionError("The starter ended by itself after " + lines);
        }
        if (told.startsWith(LINE)) {
          lines.add(told.substring(LINE.length()));
          positions = 0;
        } else {
          position = told.substring(POSITION.length());
          positions++;
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return new Seen(lines, position);
  }

  /** Arguments: the contract's class, the script, the home, the run. */
  public static void main(String[] arguments) throws Exception {
    var constructor =
        Class.forName(arguments[0])
            .asSubclass(InfrastructureContract.class)
            .getDeclaredConstructor();
    constructor.setAccessible(true);
    RunRequest request =
        RunRequest.builder(
                UUID.fromString(arguments[3]), "killed", ApiAccess.to("https://sheave.test/api"))
            .home(Path.of(arguments[2]))
            .output(line -> System.out.println(LINE + line))
            .build();
    RunningInfrastructure running =
        constructor
            .newInstance()
            .infrastructure(List.of("sh", "-c", arguments[1]), Map.of())
            .start(request);
    while (true) {
      System.out.println(POSITION + running.position());
      TimeUnit.MILLISECONDS.sleep(300);
    }
  }
}
