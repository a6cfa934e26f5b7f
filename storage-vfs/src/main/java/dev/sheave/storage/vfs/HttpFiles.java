package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.AbandonableStream;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.net.Deadline;
import dev.sheave.storage.net.SharedResources;
import dev.sheave.storage.transfer.RelativePath;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/** Sends requests for the files below a base path, and translates failures to messages. */
final class HttpFiles implements AutoCloseable {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private final RemoteLocation place;
  private final SharedResources.Loan<HttpConnections> connections;
  private final HttpErrors errors;

  HttpFiles(RemoteLocation place, SharedResources.Loan<HttpConnections> connections) {
    this.place = place;
    this.connections = connections;
    this.errors = new HttpErrors(place);
  }

  RemoteLocation place() {
    return place;
  }

  HttpErrors errors() {
    return errors;
  }

  /** The encoded path of a file on the server. */
  String encodedPath(RelativePath path) {
    return encoded(place.folder().resolve(path));
  }

  private static String encoded(RelativePath full) {
    StringBuilder text = new StringBuilder("/");
    for (byte b : full.toString().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c == '/' || UNRESERVED.indexOf(c) >= 0) {
        text.append(c);
      } else {
        text.append(String.format("%%%02X", (int) c));
      }
    }
    return text.toString();
  }

  /** The whole address of a file. */
  String address(RelativePath path) {
    return HttpConnections.server(place) + encodedPath(path);
  }

  HttpUriRequestBase request(String method, RelativePath path) {
    return request(method, path, false);
  }

  /**
   * Creates a request.
   *
   * @param folder whether the address ends with a slash; without it servers redirect requests for a
   *     folder
   */
  HttpUriRequestBase request(String method, RelativePath path, boolean folder) {
    String address = address(path);
    return new HttpUriRequestBase(
        method, URI.create(folder && !address.endsWith("/") ? address + "/" : address));
  }

  /** Creates a request for a folder by its path from the root of the server. */
  HttpUriRequestBase rootRequest(String method, RelativePath full) {
    return new HttpUriRequestBase(
        method, URI.create(HttpConnections.server(place) + encoded(full) + "/"));
  }

  /** Reads a response. */
  interface Reader<T> {
    T read(ClassicHttpResponse response) throws IOException;
  }

  <T> T send(RelativePath path, HttpUriRequestBase request, Reader<T> reader) {
    Deadline deadline = deadline(request);
    // what isn't read would be read when the response is closed, however long it is
    Closeable rest = request::cancel;
    try (deadline;
        ClassicHttpResponse response = connections.value().send(request);
        rest) {
      HttpEntity entity = response.getEntity();
      if (entity != null) {
        response.setEntity(bounded(entity));
      }
      return reader.read(response);
    } catch (IOException e) {
      throw errors.unanswered(path, deadline.reason(e));
    }
  }

  private static Deadline deadline(HttpUriRequestBase request) {
    HttpEntity body = request.getEntity();
    long sent = body == null ? 0 : Math.max(body.getContentLength(), 0);
    return Deadline.of(Bounds.responseTime(sent), request::cancel);
  }

  private HttpEntity bounded(HttpEntity entity) {
    return new HttpEntityWrapper(entity) {
      @Override
      public InputStream getContent() throws IOException {
        return Bounds.response(super.getContent(), place.server());
      }
    };
  }

  /** Sends a request for its status alone. */
  int status(RelativePath path, HttpUriRequestBase request) {
    return send(
        path,
        request,
        response -> {
          drain(response.getEntity());
          return response.getCode();
        });
  }

  /** A connection whose answer was read to its end can be used again. */
  private static void drain(@Nullable HttpEntity entity) throws IOException {
    if (entity != null) {
      try (InputStream in = entity.getContent()) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  InputStream get(RelativePath path) {
    return open(path).orElseThrow(() -> errors.answered(path, "read", HttpStatus.SC_NOT_FOUND));
  }

  /** Opens a file; empty if it doesn't exist. */
  Optional<InputStream> open(RelativePath path) {
    ClassicHttpResponse response = null;
    boolean opened = false;
    HttpUriRequestBase request = request("GET", path);
    Deadline deadline = deadline(request);
    try {
      try (deadline) {
        response = connections.value().send(request);
      }
      int status = response.getCode();
      if (status == HttpStatus.SC_NOT_FOUND || status == HttpStatus.SC_GONE) {
        HttpEntity entity = response.getEntity();
        drain(entity == null ? null : bounded(entity));
        return Optional.empty();
      }
      if (status >= 300 && status < 400 && isFolder(response, path)) {
        throw new SheaveException(Code.NOT_FOUND, "'" + place.of(path) + "' isn't a file.");
      }
      if (status != HttpStatus.SC_OK) {
        throw errors.answered(path, "read", status);
      }
      HttpEntity entity = response.getEntity();
      opened = true;
      return Optional.of(
          entity == null
              ? InputStream.nullInputStream()
              : Bounds.stream(
                  new AbandonableStream(entity.getContent(), request::cancel), place.of(path)));
    } catch (IOException e) {
      throw errors.unanswered(path, deadline.reason(e));
    } finally {
      if (response != null && !opened) {
        request.cancel();
        closeQuietly(response);
      }
    }
  }

  private boolean isFolder(ClassicHttpResponse response, RelativePath path) {
    var header = response.getFirstHeader("Location");
    return header != null && header.getValue().endsWith(encodedPath(path) + "/");
  }

  private static void closeQuietly(ClassicHttpResponse response) {
    try {
      response.close();
    } catch (IOException e) {
      // what it was opened for has failed already, or is done
      return;
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
