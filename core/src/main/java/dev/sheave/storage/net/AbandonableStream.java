package dev.sheave.storage.net;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream of an object that drops its connection when it is closed early. Clients' own streams
 * read the object to its end instead, so that the connection can be reused.
 */
public final class AbandonableStream extends FilterInputStream {
  private final Closeable connection;
  private boolean ended;

  /**
   * A stream of a client's.
   *
   * @param in closed if it was read to its end
   * @param connection closed if it wasn't
   */
  public AbandonableStream(InputStream in, Closeable connection) {
    super(in);
    this.connection = connection;
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
      connection.close();
    }
  }
}
