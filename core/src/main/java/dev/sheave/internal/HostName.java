package dev.sheave.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine according to its kernel, which agents in other languages use, too. */
public final class HostName {
  private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /** Returns it. */
  public static String get() {
    try {
      if (Files.isReadable(KERNELS)) {
        return Files.readString(KERNELS).strip();
      }
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // a machine that doesn't know its own name has no other use for one
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
