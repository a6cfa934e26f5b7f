package dev.sheave.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk that is soon full, for tests of what happens then. It lies in memory. On a machine where
 * this user can't mount one, the test is skipped.
 *
 * @param path where it is mounted
 */
public record SmallDisk(Path path) implements AutoCloseable {

  /**
   * Mounts a disk.
   *
   * @param path an empty or missing folder
   * @param megabytes its size
   */
  public static SmallDisk mount(Path path, int megabytes) throws IOException {
    Files.createDirectories(path);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", path.toString()),
        "root alone may mount a small disk");
    return new SmallDisk(path);
  }

  /** Unmounts it; fails if something still uses it. */
  @Override
  public void close() {
    assertThat(run("umount", path.toString())).isTrue();
  }

  /** Unmounts it, for those who still use it when they have ended. */
  public void detach() {
    assertThat(run("umount", "--lazy", path.toString())).isTrue();
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such command
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
