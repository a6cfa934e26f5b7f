package dev.sheave.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process of a machine as it can be named to others: its host, its id, and when it started, since
 * ids are used again. {@code host:1234:start}.
 */
public final class ProcessIdentity {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** Where the start is among the words of {@code stat} that follow the process's name. */
  private static final int START_TIME = 19;

  private static final String OWN = nameOf(ProcessHandle.current());

  private ProcessIdentity() {}

  /** What is known of a process. */
  public enum Fate {
    /** It runs. */
    RUNNING,
    /** It has ended. */
    GONE,
    /** It is of another host, or this is no name of one. */
    UNKNOWN
  }

  /** Names this process. */
  public static String own() {
    return OWN;
  }

  private static String nameOf(ProcessHandle process) {
    return HostName.get() + ":" + process.pid() + ":" + startOf(process);
  }

  /** Looks what became of a process. */
  public static Fate fateOf(String identity) {
    String[] parts = identity.split(":", -1);
    if (parts.length != 3 || !parts[0].equals(HostName.get())) {
      return Fate.UNKNOWN;
    }
    try {
      Optional<ProcessHandle> process =
          ProcessHandle.of(Long.parseLong(parts[1])).filter(ProcessHandle::isAlive);
      return process.isPresent() && nameOf(process.get()).equals(identity)
          ? Fate.RUNNING
          : Fate.GONE;
    } catch (NumberFormatException e) {
      return Fate.UNKNOWN;
    }
  }

  /** By the kernel's clock where it says so: the wall's may be set meanwhile. */
  private static String startOf(ProcessHandle process) {
    try {
      Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      String[] words = text.substring(text.lastIndexOf(')') + 2).split(" ");
      return Files.readString(BOOT_ID).substring(0, 8) + "-" + words[START_TIME];
    } catch (IOException e) {
      return process
          .info()
          .startInstant()
          .map(Instant::toEpochMilli)
          .map(String::valueOf)
          .orElse("");
    }
  }
}
