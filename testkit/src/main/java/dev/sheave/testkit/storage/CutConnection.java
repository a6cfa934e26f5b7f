package dev.sheave.testkit.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy whose connections are reset after a number of bytes, including those that are opened
 * later. For tests of clients against real servers. Safe for use by several threads.
 */
public final class CutConnection implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final int server;
  private final ServerSocket listening;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong askedLeft = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong answeredLeft = new AtomicLong(Long.MAX_VALUE);
  private volatile boolean cut;

  /**
   * Starts a proxy without a limit.
   *
   * @param server the port of the server on this machine's loopback address
   */
  public CutConnection(int server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** The port of the proxy on this machine's loopback address. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Resets the connections after the server has sent this many more bytes. */
  public void cutAfterAnswered(long bytes) {
    answeredLeft.set(bytes);
  }

  /** Resets the connections after this many more bytes were sent to the server. */
  public void cutAfterAsked(long bytes) {
    askedLeft.set(bytes);
  }

  /** Lets connections through again, without a limit. */
  public void restore() {
    askedLeft.set(Long.MAX_VALUE);
    answeredLeft.set(Long.MAX_VALUE);
    cut = false;
  }

  /** Whether the connections were reset. */
  public boolean isCut() {
    return cut;
  }

  private static void start(Runnable what) {
    Thread thread = new Thread(what, "cut-connection");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        sockets.add(client);
        if (cut) {
          reset(client);
          continue;
        }
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
        sockets.add(behind);
        start(() -> pass(client, behind, askedLeft));
        start(() -> pass(behind, client, answeredLeft));
      } catch (IOException e) {
        // it was closed, or the server takes no more: its clients find out
        closeAll();
      }
    }
  }

  private void pass(Socket from, Socket to, AtomicLong left) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (left.addAndGet(-n) < 0) {
          cut = true;
          closeAll();
          return;
        }
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      reset(from);
      reset(to);
    }
  }

  private void closeAll() {
    sockets.forEach(this::reset);
  }

  /** Closed without a goodbye. */
  private void reset(Socket socket) {
    sockets.remove(socket);
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it is closed then
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    closeAll();
  }
}
