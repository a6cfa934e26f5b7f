package dev.sheave.benchmarks.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy that delays each byte by half a round trip in each direction. It adds latency without
 * reducing the bandwidth.
 */
final class DelayProxy implements Closeable {
  private static final int CHUNK_BYTES = 64 * 1024;

  /** In flight on one way of one connection: enough for 150 MB/s at 20 ms. */
  private static final int MAX_CHUNKS = 24;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final long oneWayNanos;

  private record Chunk(byte[] bytes, int length, long due) {}

  DelayProxy(InetSocketAddress target, Duration roundTrip) throws IOException {
    this.target = target;
    this.oneWayNanos = roundTrip.toNanos() / 2;
    this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket upstream = new Socket();
        upstream.connect(target);
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        pump(client, upstream);
        pump(upstream, client);
      }
    } catch (IOException e) {
      return; // closed
    }
  }

  private void pump(Socket from, Socket to) {
    BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(MAX_CHUNKS);
    start(
        () -> {
          try {
            read(from, underWay);
          } catch (IOException e) {
            end(underWay); // reset by either side, which the other one is to see
          }
        });
    start(
        () -> {
          try {
            write(underWay, to);
          } catch (IOException e) {
            closeQuietly(from);
          }
          closeQuietly(to);
        });
  }

  private void read(Socket from, BlockingQueue<Chunk> underWay) throws IOException {
    InputStream in = from.getInputStream();
    byte[] buffer = new byte[CHUNK_BYTES];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      byte[] bytes = new byte[n];
      System.arraycopy(buffer, 0, bytes, 0, n);
      add(underWay, new Chunk(bytes, n, System.nanoTime() + oneWayNanos));
    }
    end(underWay);
  }

  private void end(BlockingQueue<Chunk> underWay) {
    add(underWay, new Chunk(new byte[0], -1, System.nanoTime() + oneWayNanos));
  }

  private static void add(BlockingQueue<Chunk> underWay, Chunk chunk) {
    try {
      if (!underWay.offer(chunk, 60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("a connection is stuck");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(BlockingQueue<Chunk> underWay, Socket to) throws IOException {
    OutputStream out = to.getOutputStream();
    try {
      for (Chunk chunk = underWay.take(); chunk.length() >= 0; chunk = underWay.take()) {
        for (long left = chunk.due() - System.nanoTime();
            left > 0;
            left = chunk.due() - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        out.write(chunk.bytes(), 0, chunk.length());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      return; // it is closed then
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(null, work, "delay-proxy", 128 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
