package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the API server that is read as it comes, without a thread that waits for it. What
 * isn't a success is an error and no content.
 */
final class ByteStream {
  private static final int MAX_ERROR_BYTES = 64 * 1024;

  private final String address;
  private final String what;
  private final Consumer<ByteBuffer> bytes;
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private volatile int status;
  private @Nullable AsyncBody body;
  private boolean isClosed;

  ByteStream(String address, String what, Consumer<ByteBuffer> bytes) {
    this.address = address;
    this.what = what;
    this.bytes = bytes;
  }

  ByteStream start(HttpClient http, HttpRequest request) {
    var unused =
        http.consumeBytes(request, this::take)
            .whenComplete(
                (answer, failure) -> {
                  if (failure != null) {
                    end(failure);
                  } else {
                    read(answer);
                  }
                });
    return this;
  }

  private void read(HttpResponse<AsyncBody> answer) {
    status = answer.code();
    AsyncBody content = answer.body();
    synchronized (this) {
      body = content;
      if (isClosed) {
        content.cancel();
      }
    }
    var unused = content.done().whenComplete((nothing, failure) -> end(failure));
    content.consume();
  }

  private void take(List<ByteBuffer> parts, AsyncBody from) {
    for (ByteBuffer each : parts) {
      if (isSuccess()) {
        bytes.accept(each);
      } else if (error.size() < MAX_ERROR_BYTES) {
        byte[] part = new byte[each.remaining()];
        each.get(part);
        error.writeBytes(part);
      }
    }
    from.consume();
  }

  private boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  private void end(@Nullable Throwable failure) {
    if (failure != null && !(failure instanceof CancellationException)) {
      ended.completeExceptionally(ClusterErrors.of(address, what, failure));
    } else if (failure == null && !isSuccess()) {
      ended.completeExceptionally(refused());
    } else {
      ended.complete(failure == null);
    }
  }

  private SheaveException refused() {
    String text = error.toString(StandardCharsets.UTF_8);
    @Nullable String message = null;
    try {
      Map<String, @Nullable Object> answer = Manifests.parse(text, "the answer");
      message = answer.get("message") instanceof String said ? said : null;
    } catch (SheaveException e) {
      // the text as it is
    }
    return ClusterErrors.refused(
        address, what, status, message == null ? status + " " + text : message, null);
  }

  /**
   * Completes when there is no more: with whether the server has ended it, and not {@link #close}.
   * Fails with a {@link SheaveException} if it was refused or broke off.
   */
  CompletableFuture<Boolean> ended() {
    return ended;
  }

  /** Ends the reading. */
  void close() {
    AsyncBody open;
    synchronized (this) {
      isClosed = true;
      open = body;
    }
    if (open != null) {
      open.cancel();
    }
  }
}
