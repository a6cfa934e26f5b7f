package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Locale;

/**
 * An HTTP server on this machine whose responses no client should take: endless ones, slow ones,
 * and such as no server's library would send. Safe for use by several threads, if its answers are.
 */
public final class HostileServer implements AutoCloseable {
  private static final int BLOCK = 64 * 1024;

  private final HostilePeer peer;

  /** Writes a response, and may take as long as it likes. */
  public interface Answer {
    /**
     * Writes it.
     *
     * @param request its first line: {@code GET /a HTTP/1.1}
     * @param out closed afterwards
     */
    void write(String request, OutputStream out) throws IOException, InterruptedException;
  }

  /** Starts one. */
  public HostileServer(Answer answer) throws IOException {
    this.peer = new HostilePeer(client -> serve(client, answer));
  }

  /**
   * A response whose body never ends.
   *
   * @param start of the body
   * @param again what follows, again and again
   */
  public static Answer endless(String head, String start, String again) {
    return (request, out) -> {
      out.write((head(head) + start).getBytes(ISO_8859_1));
      byte[] block = again.repeat(Math.max(1, BLOCK / again.length())).getBytes(ISO_8859_1);
      while (true) {
        out.write(block);
      }
    };
  }

  /** A response whose body comes a byte at a time, and never ends. */
  public static Answer dripping(String head) {
    return (request, out) -> drip(out, head(head));
  }

  /** A response whose headers come a byte at a time, and never end. */
  public static Answer drippingHeaders() {
    return (request, out) -> drip(out, "HTTP/1.1 200 OK\r\nX: ");
  }

  private static void drip(OutputStream out, String start)
      throws IOException, InterruptedException {
    out.write(start.getBytes(ISO_8859_1));
    while (true) {
      out.write(' ');
      out.flush();
      Thread.sleep(200);
    }
  }

  /** A response whose headers never end. */
  public static Answer endlessHeaders() {
    return (request, out) -> {
      out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
      byte[] block = "X-Header: value\r\n".repeat(BLOCK / 16).getBytes(ISO_8859_1);
      while (true) {
        out.write(block);
      }
    };
  }

  /** A whole response. */
  public static Answer whole(String head, String body) {
    return (request, out) -> out.write((head(head) + body).getBytes(ISO_8859_1));
  }

  /** Redirects for ever, each time to another address of this server. */
  public static Answer redirecting() {
    return (request, out) -> {
      String path = request.split(" ")[1].replaceFirst("[?].*", "");
      String next = path.length() > 200 ? "/x" : path + "x";
      out.write(
          ("HTTP/1.1 302 Found\r\nLocation: " + next + "\r\nContent-Length: 0\r\n\r\n")
              .getBytes(ISO_8859_1));
    };
  }

  private static String head(String head) {
    return "HTTP/1.1 " + head + "\r\nConnection: close\r\n\r\n";
  }

  /** Its address: {@code http://127.0.0.1:4711}. */
  public String url() {
    return "http://127.0.0.1:" + peer.port();
  }

  private static void serve(Socket client, Answer answer) throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    answer.write(request(in), client.getOutputStream());
    client.shutdownOutput();
    // what the client still sends would reset the connection before it has read the response
    in.transferTo(OutputStream.nullOutputStream());
  }

  /** Reads a request, and returns its first line. */
  private static String request(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      if (b == '\n' && head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        break;
      }
    }
    String text = head.toString(ISO_8859_1);
    for (String line : text.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        in.skipNBytes(Integer.parseInt(line.substring("content-length:".length()).strip()));
      }
    }
    return text.isEmpty() ? "" : text.split("\r\n")[0];
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
