package dev.sheave.testkit.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A TCP server on this machine that speaks no protocol, or only the start of one. Safe for use by
 * several threads, if its speech is.
 */
public final class HostilePeer implements AutoCloseable {
  private static final int BLOCK = 64 * 1024;
  private static final long DRIP = 200;

  private final Speech speech;
  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "hostile-peer");
            thread.setDaemon(true);
            return thread;
          });

  /** What is sent to a client; the connection is closed afterwards. */
  public interface Speech {
    /** Sends it, and may take as long as it likes. */
    void say(Socket client) throws IOException, InterruptedException;
  }

  /** Starts one. */
  public HostilePeer(Speech speech) throws IOException {
    this.speech = speech;
    threads.execute(this::accept);
  }

  /** Sends bytes, then nothing more, and keeps the connection. */
  public static Speech silentAfter(byte[] start) {
    return client -> {
      client.getOutputStream().write(start);
      Thread.sleep(Long.MAX_VALUE);
    };
  }

  /** Sends bytes, then one byte again and again, slowly. */
  public static Speech dripping(byte[] start, int again) {
    return client -> {
      OutputStream out = client.getOutputStream();
      out.write(start);
      while (true) {
        out.write(again);
        Thread.sleep(DRIP);
      }
    };
  }

  /** Sends bytes, then others again and again, as fast as they are read. */
  public static Speech endless(byte[] start, byte[] again) {
    return client -> {
      OutputStream out = client.getOutputStream();
      out.write(start);
      byte[] block = new byte[again.length * Math.max(1, BLOCK / again.length)];
      for (int i = 0; i < block.length; i++) {
        block[i] = again[i % again.length];
      }
      while (true) {
        out.write(block);
      }
    };
  }

  /** Sends bytes, and hangs up. */
  public static Speech only(byte[] start) {
    return client -> client.getOutputStream().write(start);
  }

  /** The port on {@code 127.0.0.1}. */
  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      speech.say(socket);
    } catch (IOException e) {
      // the client has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } finally {
      sockets.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
