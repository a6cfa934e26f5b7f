package dev.sheave.benchmarks.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy that counts round trips: how often the client sends after the server did. With HTTP
 * these are the requests; pipelined ones of other protocols count as one.
 */
public final class CountingProxy implements Closeable {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final AtomicLong roundTrips = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();

  /** Starts one to a server. */
  public CountingProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** The port of this machine where it is. */
  public int port() {
    return server.getLocalPort();
  }

  /** How many round trips there were. */
  public long roundTrips() {
    return roundTrips.get();
  }

  int connections() {
    return connections.get();
  }

  /** One connection: whose turn it is. */
  private final class Turns {
    private boolean clients;

    synchronized void clientSpeaks() {
      if (!clients) {
        clients = true;
        roundTrips.incrementAndGet();
      }
    }

    synchronized void serverSpeaks() {
      clients = false;
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        connections.incrementAndGet();
        Socket upstream = new Socket();
        upstream.connect(target);
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        Turns turns = new Turns();
        start(() -> pump(client, upstream, turns::clientSpeaks));
        start(() -> pump(upstream, client, turns::serverSpeaks));
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private static void pump(Socket from, Socket to, Runnable speaks) {
    byte[] buffer = new byte[CHUNK_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        // before it is passed on, or the answer might be counted first
        speaks.run();
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      return; // closed by either side, which the other one sees by its end
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(null, work, "counting-proxy", 128 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
