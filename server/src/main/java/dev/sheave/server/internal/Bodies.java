package dev.sheave.server.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Bodies of answers, and what is left of those of requests. */
public final class Bodies {
  /** A shorter answer isn't worth compressing. */
  private static final int MIN_COMPRESSED_BYTES = 1024;

  /** How much is read of a body that nobody asks for. */
  private static final int MAX_DRAINED_BYTES = 32 << 20;

  private Bodies() {}

  /** Returns whether a client takes compressed answers. */
  public static boolean takesGzip(Request request) {
    return request.getHeaders().getQualityCSV(HttpHeader.ACCEPT_ENCODING).stream()
        .anyMatch(encoding -> encoding.equalsIgnoreCase("gzip"));
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

  /**
   * Reads what is left of the body of a request. The connection is closed otherwise, perhaps while
   * the client still sends, or sends the next request.
   *
   * @param patience how long that may take
   */
  public static void drain(Request request, Duration patience) throws IOException {
    if (request.getHeaders().contains(HttpHeader.EXPECT)) {
      return; // the client waits with the body, and needn't send it
    }
    long start = System.nanoTime();
    InputStream body = Content.Source.asInputStream(request);
    byte[] buffer = new byte[64 << 10];
    long left = MAX_DRAINED_BYTES;
    for (int n = 0;
        n >= 0 && left > 0 && System.nanoTime() - start < patience.toNanos();
        n = body.read(buffer)) {
      left -= n;
    }
  }
}
