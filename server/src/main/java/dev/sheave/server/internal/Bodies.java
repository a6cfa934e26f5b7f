package dev.sheave.server.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/** Bodies of answers. */
public final class Bodies {
  /** A shorter answer isn't worth compressing. */
  private static final int MIN_COMPRESSED_BYTES = 1024;

  private Bodies() {}

  /** Returns whether a client takes compressed answers. */
  public static boolean takesGzip(Request request) {
    return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).stream()
        .anyMatch(encoding -> encoding.equalsIgnoreCase("gzip"));
  }

  /**
   * Prepares an answer to a request of whose body a part may still be to come. Its other headers
   * are set before.
   *
   * @param callback of the request
   * @return the callback with which the answer is written
   */
  public static Callback answering(Request request, Response response, Callback callback) {
    return UnreadBody.before(request, response, callback);
  }

  /** Writes an answer without a body. */
  public static void writeNothing(Response response, Callback callback) {
    response.write(true, BufferUtil.EMPTY_BUFFER, callback);
  }

  /** Writes an answer as a whole, compressed if it is long and the client takes that. */
  public static void write(Request request, Response response, byte[] bytes, Callback callback)
      throws IOException {
    byte[] sent = bytes;
    response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding");
    if (bytes.length >= MIN_COMPRESSED_BYTES && takesGzip(request)) {
      response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
      sent = compressed(bytes);
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, sent.length);
    response.write(true, ByteBuffer.wrap(sent), callback);
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream stream = new GZIPOutputStream(compressed)) {
      stream.write(bytes);
    }
    return compressed.toByteArray();
  }
}
