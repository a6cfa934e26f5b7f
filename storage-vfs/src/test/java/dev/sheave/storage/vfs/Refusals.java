package dev.sheave.storage.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How a storage says that it can't be used. */
final class Refusals {
  /** Stands in for a secret; no message may have it. */
  static final String CANARY = "canary-8f3a";

  private Refusals() {}

  /** Each operation says it, with the place, the cause and no secret; and nothing is written. */
  static void all(RemoteFileSystem storage, Path temporary, Code code, String message) {
    Path source = temporary.resolve("source");
    Path target = temporary.resolve("target");
    FileTree tree;
    try {
      Files.createDirectories(source);
      Files.writeString(source.resolve("a"), "1");
      tree = FileTree.of(source, IgnoreRules.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    one(
        () -> storage.putDirectory(tree, RelativePath.ROOT, TransferOptions.DEFAULTS),
        code,
        message);
    one(
        () -> storage.getDirectory(RelativePath.ROOT, target, TransferOptions.DEFAULTS),
        code,
        message);
    one(() -> storage.readPath("a"), code, message);
    one(() -> storage.writePath("a", "1".getBytes(UTF_8)), code, message);
    assertThat(target).doesNotExist();
  }

  static void one(ThrowingCallable call, Code code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SheaveException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(message).doesNotContain("\n");
              StringWriter trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).doesNotContain(CANARY);
            });
  }

  /** A port that nobody listens at. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
