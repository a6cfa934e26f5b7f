package dev.sheave.storage.gcs;

import com.google.api.client.http.HttpResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * An object that is read. The client's own stream reads to the end when it is closed; this one
 * gives up the connection.
 */
final class ObjectStream extends FilterInputStream {
  private final HttpResponse response;
  private boolean ended;

  private ObjectStream(HttpResponse response, InputStream in) {
    super(in);
    this.response = response;
  }

  static InputStream of(HttpResponse response) throws IOException {
    InputStream content = response.getContent();
    return new ObjectStream(response, content == null ? InputStream.nullInputStream() : content);
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    ended |= b < 0;
    return b;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    ended |= n < 0;
    return n;
  }

  @Override
  public void close() throws IOException {
    if (ended) {
      super.close();
    } else {
      response.disconnect();
    }
  }
}
