package dev.sheave.testkit.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on this machine that requires a login, as companies have them. Whatever server it
 * is asked for, it connects to one on this machine. It remembers what it was asked for. Safe for
 * use by several threads.
 */
public final class ForwardProxy implements AutoCloseable {
  /** The password of the login, which has characters that are encoded in a URL. */
  public static final String PASSWORD = "canary8f3a@:/%+";

  private static final String USER = "marvin";
  private static final String ENCODED_PASSWORD = "canary8f3a%40%3A%2F%25+";

  private final int server;
  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> passed = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "forward-proxy");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Starts one.
   *
   * @param server the port of the server on this machine's loopback address
   */
  public ForwardProxy(int server) throws IOException {
    this.server = server;
    threads.execute(this::accept);
  }

  /** Its URL with the login, as it is written in {@code HTTPS_PROXY}. */
  public String url() {
    return "http://" + USER + ":" + ENCODED_PASSWORD + "@" + address();
  }

  /** Its URL with a login that it rejects. */
  public String urlOfAnother() {
    return "http://" + USER + ":wrong-" + ENCODED_PASSWORD + "@" + address();
  }

  /** Its host and port. */
  public String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** The requests that it passed on: {@code CONNECT example.com:443}. */
  public List<String> passed() {
    return List.copyOf(passed);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      for (List<String> head = head(in); !head.isEmpty(); head = head(in)) {
        String expected =
            "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
        if (!expected.equals(header(head, "proxy-authorization"))) {
          String length = header(head, "content-length");
          in.skipNBytes(length == null ? 0 : Long.parseLong(length));
          out.write(
              "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n"
                  .getBytes(ISO_8859_1));
          continue;
        }
        pass(client, head);
        return;
      }
    } catch (IOException e) {
      return; // closed by either side
    }
  }

  private void pass(Socket client, List<String> head) throws IOException {
    String[] request = head.get(0).split(" ");
    passed.add(request[0] + " " + request[1]);
    try (Socket target = new Socket(InetAddress.getLoopbackAddress(), server)) {
      if (request[0].equals("CONNECT")) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
      } else {
        StringBuilder forwarded = new StringBuilder();
        forwarded.append(request[0]).append(' ');
        forwarded.append(request[1].replaceFirst("http://[^/]*", "")).append(" HTTP/1.1\r\n");
        for (String line : head.subList(1, head.size())) {
          if (!line.toLowerCase(Locale.ROOT).matches("(proxy-)?(connection|authorization):.*")
              || line.toLowerCase(Locale.ROOT).startsWith("authorization:")) {
            forwarded.append(line).append("\r\n");
          }
        }
        forwarded.append("Connection: close\r\n\r\n");
        target.getOutputStream().write(forwarded.toString().getBytes(ISO_8859_1));
      }
      threads.execute(() -> copy(client, target));
      copy(target, client);
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      return; // closed by either side
    }
  }

  /** The lines of a request's head; none at the end of the connection. */
  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String text = line.toString(ISO_8859_1).stripTrailing();
        if (text.isEmpty()) {
          return lines;
        }
        lines.add(text);
        line.reset();
      } else {
        line.write(b);
      }
    }
    return List.of();
  }

  private static @Nullable String header(List<String> head, String name) {
    for (String line : head) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
