package dev.sheave.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A connection to a server, which costs this program so little that it measures the server: the
 * JDK's client takes as much of the processor as an answer does. Used by one thread.
 */
final class LeanConnection {
  /** What a server answered. */
  record Answer(int status, String body) {}

  private final Socket socket;
  private final InputStream answers;
  private long lastUse = System.nanoTime();

  LeanConnection(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    answers = new BufferedInputStream(socket.getInputStream(), 64 << 10);
  }

  /** Whether the server may have closed it; the reference does after five seconds. */
  boolean isOld() {
    return System.nanoTime() - lastUse > 3_000_000_000L;
  }

  Answer send(String method, String path, String body) throws IOException {
    lastUse = System.nanoTime();
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    String head =
        "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
    request.writeBytes(
        head.formatted(method, path, socket.getPort(), content.length)
            .getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(content);
    socket.getOutputStream().write(request.toByteArray());
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String[] parts = header.toLowerCase(Locale.ROOT).split(": *", 2);
      if (parts[0].equals("transfer-encoding")) {
        throw new IllegalStateException("the answer has no length");
      }
      if (parts[0].equals("content-length")) {
        length = Integer.parseInt(parts[1]);
      }
    }
    return new Answer(status, new String(answers.readNBytes(length), StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = answers.read(); next != '\n'; next = answers.read()) {
      if (next < 0) {
        throw new EOFException("The server closed the connection.");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
