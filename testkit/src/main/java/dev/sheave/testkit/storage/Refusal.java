package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.ReadableFileSystem;
import dev.sheave.storage.ReadableStorage;
import dev.sheave.storage.StorageCheck;
import dev.sheave.storage.WritableFileSystem;
import dev.sheave.storage.WritableStorage;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.function.Executable;

/**
 * Checks the error of a refused call. It must be a {@link SheaveException} with the right code, and
 * a message of one sentence that says what failed and where. It must come within a minute, and its
 * stack trace, including causes, must contain no secret.
 *
 * <pre>{@code
 * Refusal.of(() -> storage.readPath("a"), Code.NOT_FOUND, "'s3://bucket/a' doesn't exist");
 * }</pre>
 */
public final class Refusal {
  /** A secret for tests; no stack trace may contain it, plain or in Base64. */
  public static final String CANARY = "canary8f3a";

  /** The time in which all clients give up, including retries and waits between them. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** A shorter secret may occur in a stack trace by chance. */
  private static final int TELLING_LENGTH = 8;

  private final List<SheaveException> errors;

  private Refusal(List<SheaveException> errors) {
    this.errors = errors;
  }

  /**
   * Requires that a call is refused.
   *
   * @param call runs on this thread
   * @param code of the error
   * @param message a part of its message, such as the address or the advice
   * @param secrets that no stack trace may contain, besides {@link #CANARY}
   */
  public static Refusal of(ThrowingCallable call, Code code, String message, String... secrets) {
    return new Refusal(List.of(error(call, code, message, secrets)));
  }

  /**
   * Requires that a call is refused.
   *
   * @param call runs on this thread
   * @param codes that the error may have
   * @param message a part of its message, such as the address or the advice
   */
  public static Refusal ofAny(ThrowingCallable call, Code[] codes, String message) {
    return new Refusal(List.of(error(call, List.of(codes), message)));
  }

  /**
   * Requires that each operation of a storage is refused, that a get writes nothing, and that a
   * check says that connecting fails, for the same reason. The operations run at the same time,
   * since clients wait before they give up.
   *
   * @param storage may have the other capabilities of storage, too; they are tried as well
   * @param folder of this test's own
   * @param code of the errors
   * @param message a part of their messages
   * @param secrets that no stack trace may contain, besides {@link #CANARY}
   */
  public static Refusal ofEach(
      ReadableStorage storage, Path folder, Code code, String message, String... secrets) {
    Path target = folder.resolve("refused-target");
    List<ThrowingCallable> calls = calls(storage, folder.resolve("refused-source"), target);
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<Future<SheaveException>> results = new ArrayList<>();
      calls.forEach(call -> results.add(threads.submit(() -> error(call, code, message, secrets))));
      List<SheaveException> errors = new ArrayList<>();
      assertAll(
          results.stream().map(result -> (Executable) () -> errors.add(result.get())).toList());
      assertThat(target).doesNotExist();
      return new Refusal(errors);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<ThrowingCallable> calls(ReadableStorage storage, Path source, Path target) {
    List<ThrowingCallable> calls = new ArrayList<>();
    calls.add(() -> storage.getDirectory(RelativePath.ROOT, target, TransferOptions.DEFAULTS));
    calls.add(() -> connect(storage.check()));
    if (storage instanceof WritableStorage writable) {
      FileTree tree = FileTree.of(Trees.write(source, Map.of("a", "1")), IgnoreRules.NONE);
      calls.add(() -> writable.putDirectory(tree, RelativePath.ROOT, TransferOptions.DEFAULTS));
    }
    if (storage instanceof ReadableFileSystem files) {
      calls.add(() -> files.readPath("a"));
    }
    if (storage instanceof WritableFileSystem files) {
      calls.add(() -> files.writePath("a", "1".getBytes(UTF_8)));
    }
    return calls;
  }

  /** Throws why a check couldn't connect. */
  private static void connect(StorageCheck check) {
    assertThat(check.steps())
        .extracting(StorageCheck.Step::outcome)
        .startsWith(StorageCheck.Outcome.FAILED);
    assertThat(check.steps().subList(1, check.steps().size()))
        .extracting(StorageCheck.Step::outcome)
        .containsOnly(StorageCheck.Outcome.NOT_TRIED);
    throw Objects.requireNonNull(check.steps().get(0).error());
  }

  private static SheaveException error(
      ThrowingCallable call, Code code, String message, String... secrets) {
    return error(call, List.of(code), message, secrets);
  }

  private static SheaveException error(
      ThrowingCallable call, List<Code> codes, String message, String... secrets) {
    long start = System.nanoTime();
    SheaveException error = catchThrowableOfType(SheaveException.class, call);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    assertThat(error).as("the call is refused").isNotNull();
    try {
      assertRight(error, codes, message, secrets);
      assertThat(taken).isLessThan(TIMEOUT);
    } catch (AssertionError e) {
      e.addSuppressed(error);
      throw e;
    }
    return error;
  }

  private static void assertRight(
      SheaveException error, List<Code> codes, String message, String... secrets) {
    assertThat(error.code()).as(error.getMessage()).isIn(codes);
    assertThat(error.getMessage()).contains(message).matches("[^\n\r]*[^.][.?]");
    StringWriter written = new StringWriter();
    error.printStackTrace(new PrintWriter(written));
    String trace = written.toString();
    assertHides(trace, CANARY);
    for (String secret : secrets) {
      assertHides(trace, secret);
    }
  }

  /** In headers a secret stands in Base64, which looks different at each of three offsets. */
  private static void assertHides(String trace, String secret) {
    assertThat(trace).doesNotContain(secret);
    for (int offset = 0; offset < 3; offset++) {
      byte[] bytes = ("x".repeat(offset) + secret).getBytes(UTF_8);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
      // those at the ends have bits of what stands beside it
      String own = encoded.substring((4 * offset + 2) / 3, encoded.length() - 1);
      if (own.length() >= TELLING_LENGTH) {
        assertThat(trace).doesNotContain(own);
      }
    }
  }

  /**
   * Requires that the message contains these parts, too.
   *
   * @param parts of the message
   */
  public Refusal says(String... parts) {
    errors.forEach(error -> assertThat(error.getMessage()).contains(parts));
    return this;
  }

  /**
   * Requires that the message contains one of these parts, too.
   *
   * @param parts of the message
   */
  public Refusal saysAny(String... parts) {
    errors.forEach(error -> assertThat(error.getMessage()).containsAnyOf(parts));
    return this;
  }

  /** Requires that the error has a cause from the vendor's client or from Java. */
  public Refusal hasCause() {
    for (SheaveException error : errors) {
      Throwable cause = error.getCause();
      while (cause instanceof SheaveException) {
        cause = cause.getCause();
      }
      assertThat(cause).as("the cause of: " + error.getMessage()).isNotNull();
    }
    return this;
  }
}
