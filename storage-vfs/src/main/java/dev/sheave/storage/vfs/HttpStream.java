package dev.sheave.storage.vfs;

import java.io.FilterInputStream;
import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;

/**
 * A file that is read. If it is closed before its end the connection is given up, and the rest
 * needn't be read.
 */
final class HttpStream extends FilterInputStream {
  private final ClassicHttpResponse response;
  private boolean ended;

  HttpStream(HttpEntity entity, ClassicHttpResponse response) throws IOException {
    super(entity.getContent());
    this.response = response;
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
    }
    response.close();
  }
}
