package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.internal.Json;
import dev.sheave.server.internal.BodyReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests: JSON in UTF-8, maybe compressed, of a limited size. */
final class RequestBody {
  /** The greatest size of a body, in bytes, after it is expanded too. */
  static final int MAX_BYTES = 8 << 20;

  private RequestBody() {}

  /**
   * Reads a body that has arrived.
   *
   * @return the JSON value; null if the body is empty
   * @throws RequestException if it is too large, isn't JSON, or compressed in another way than gzip
   */
  static @Nullable Object read(Request request, byte[] body) throws IOException {
    byte[] bytes = expanded(request, body);
    if (bytes.length == 0) {
      return null;
    }
    try {
      return Json.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(),
          "The body");
    } catch (CharacterCodingException e) {
      throw notJson("The body isn't text in UTF-8.");
    } catch (SheaveException e) {
      throw notJson(e.getMessage());
    }
  }

  /**
   * Returns the answer to a body that didn't arrive.
   *
   * @param status of {@link BodyReader.Taker#refuse}
   */
  static Reply refusal(int status) {
    return switch (status) {
      case BodyReader.TIMEOUT -> closing(status, "The body takes too long to arrive.");
      case BodyReader.NO_ROOM ->
          closing(status, "The server has no memory for more large bodies now; try again.");
      default -> tooLarge().reply();
    };
  }

  private static Reply closing(int status, String sentence) {
    return Reply.error(status, sentence).withHeaders(Map.of("Connection", "close"));
  }

  private static byte[] expanded(Request request, byte[] bytes) throws IOException {
    String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return bytes;
    }
    if (!encoding.toLowerCase(Locale.ROOT).equals("gzip")) {
      throw new RequestException(
          415, "The body is compressed as '" + encoding + "'; use gzip, or none.");
    }
    try (InputStream expanding = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] expanded = expanding.readNBytes(MAX_BYTES + 1);
      if (expanded.length > MAX_BYTES) {
        throw tooLarge();
      }
      return expanded;
    } catch (ZipException | EOFException e) {
      throw new RequestException(400, "The body isn't whole gzip data, as its header says.");
    }
  }

  private static RequestException tooLarge() {
    return new RequestException(
        BodyReader.TOO_LARGE,
        "The body is larger than " + (MAX_BYTES >> 20) + " MiB; send less at once.");
  }

  private static RequestException notJson(String sentence) {
    return new RequestException(
        Reply.invalid(
            sentence, List.of(Values.detail(List.of("body"), sentence, "value_error.jsondecode"))));
  }
}
