package dev.sheave.api.http;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Bounds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response in memory, as it came; bounded in bytes. One that is too long is dropped
 * as it comes.
 */
final class ResponseBody {
  private final byte[] bytes;
  private final boolean isTooLong;

  private ResponseBody(byte[] bytes, boolean isTooLong) {
    this.bytes = bytes;
    this.isTooLong = isTooLong;
  }

  /** Returns the text, unpacked if it is compressed. */
  String text(HttpResponse<ResponseBody> response, String server) {
    if (isTooLong) {
      throw tooLong(server);
    }
    if (!response.headers().firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip")) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] unpacked = in.readNBytes((int) Bounds.RESPONSE_BYTES + 1);
      if (unpacked.length > Bounds.RESPONSE_BYTES) {
        throw tooLong(server);
      }
      return new String(unpacked, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SheaveException(
          Code.UNAVAILABLE,
          "The answer of the server at " + server + " can't be unpacked: check proxies on the way.",
          e);
    }
  }

  private static SheaveException tooLong(String server) {
    return new SheaveException(
        Code.UNAVAILABLE,
        "The answer of the server at "
            + server
            + " has more than the "
            + Bounds.RESPONSE_BYTES
            + " bytes that it may have: ask for fewer records at once, or check the server.");
  }

  /** Receives one. */
  static final class Subscriber implements BodySubscriber<ResponseBody> {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final CompletableFuture<ResponseBody> body = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    @Override
    public CompletionStage<ResponseBody> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Subscription received) {
      subscription = received;
      received.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] some = new byte[buffer.remaining()];
        buffer.get(some);
        out.writeBytes(some);
      }
      if (out.size() > Bounds.RESPONSE_BYTES && subscription != null) {
        subscription.cancel();
        body.complete(new ResponseBody(new byte[0], true));
      }
    }

    @Override
    public void onError(Throwable problem) {
      body.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
      body.complete(new ResponseBody(out.toByteArray(), false));
    }
  }
}
