package dev.sheave.storage.gcs;

import com.google.api.client.http.AbstractInputStreamContent;
import dev.sheave.storage.transfer.ObjectStore.Content;
import java.io.IOException;
import java.io.InputStream;

/** Content that ends where it said it would, and can be read again from a mark. */
final class ContentStream extends InputStream {
  private final Content content;
  private InputStream in;
  private long position;
  private long mark;

  private ContentStream(Content content) {
    this.content = content;
    this.in = content.open();
  }

  /** As the client takes it: opened anew on each try. */
  static AbstractInputStreamContent of(Content content) {
    return new AbstractInputStreamContent("application/octet-stream") {
      @Override
      public InputStream getInputStream() {
        return new ContentStream(content);
      }

      @Override
      public long getLength() {
        return content.size();
      }

      @Override
      public boolean retrySupported() {
        return true;
      }
    };
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (position == content.size()) {
      return -1;
    }
    int n = in.read(buffer, offset, (int) Math.min(length, content.size() - position));
    if (n < 0) {
      // not an IOException: those are tried again
      throw new IllegalStateException(
          "the content ended after " + position + " of " + content.size() + " bytes");
    }
    position += n;
    return n;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public synchronized void mark(int limit) {
    mark = position;
  }

  @Override
  public synchronized void reset() throws IOException {
    in.close();
    in = content.openAt(mark);
    position = mark;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
