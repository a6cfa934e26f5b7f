package dev.sheave.storage.vfs;

import dev.sheave.storage.transfer.ObjectStore.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** The content of a put, as the body of a request. */
final class ContentEntity extends AbstractHttpEntity {
  private final Content content;
  private final String location;

  ContentEntity(Content content, String location) {
    super(ContentType.APPLICATION_OCTET_STREAM, null);
    this.content = content;
    this.location = location;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public long getContentLength() {
    return content.size();
  }

  @Override
  public InputStream getContent() {
    return content.open();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (CountedStream in = new CountedStream(content.open())) {
      in.transferTo(out);
      // or the server would wait for the rest
      in.requireAll(content.size(), location);
    }
  }

  @Override
  public boolean isStreaming() {
    return true;
  }

  @Override
  public void close() {}
}
