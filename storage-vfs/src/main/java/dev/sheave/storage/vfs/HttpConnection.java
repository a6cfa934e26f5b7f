package dev.sheave.storage.vfs;

import java.io.IOException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.http5.Http5FileSystem;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * A client of an HTTP server that VFS keeps. The client is safe for use by several threads. VFS's
 * file objects aren't, and hold written content in memory, so they aren't used.
 */
final class HttpConnection extends Http5FileSystem {
  HttpConnection(
      GenericFileName root, FileSystemOptions options, HttpClient client, HttpClientContext login) {
    super(root, options, client, login);
  }

  /** Sends a request; the caller closes the response. */
  ClassicHttpResponse send(ClassicHttpRequest request) throws IOException {
    return getHttpClient().executeOpen(null, request, HttpClientContext.create());
  }
}
