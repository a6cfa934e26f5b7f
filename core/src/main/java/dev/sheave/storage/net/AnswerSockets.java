package dev.sheave.storage.net;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Makes sockets for conversations: what the server sends after each message of the client is
 * bounded in bytes, and in time however slowly it comes. {@link #release} ends that, when a
 * handshake is over and contents follow. For clients that hold answers in memory, and whose
 * timeouts start again with each byte.
 */
public final class AnswerSockets extends SocketFactory {
  private final Duration connectTimeout;

  /** For a client that connects the sockets itself. */
  public AnswerSockets() {
    this(Duration.ZERO);
  }

  /**
   * For one client.
   *
   * @param connectTimeout how long connecting may take
   */
  public AnswerSockets(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
  }

  /** Lets a socket of this factory send as much as it likes from now on. */
  public static void release(Socket socket) {
    if (socket instanceof AnswerSocket answers) {
      answers.released = true;
    }
  }

  @Override
  public Socket createSocket() {
    return new AnswerSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connect(new AnswerSocket(), new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connect(new AnswerSocket(), new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(InetAddress.getByName(host), port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    Socket socket = new AnswerSocket();
    socket.bind(new InetSocketAddress(local, localPort));
    return connect(socket, new InetSocketAddress(host, port));
  }

  private Socket connect(Socket socket, InetSocketAddress address) throws IOException {
    boolean connected = false;
    try {
      socket.connect(address, (int) connectTimeout.toMillis());
      connected = true;
      return socket;
    } finally {
      if (!connected) {
        socket.close();
      }
    }
  }

  private static final class AnswerSocket extends Socket {
    private volatile boolean released;
    private volatile long asked = System.nanoTime();
    private final AtomicLong answered = new AtomicLong();

    private void ask() {
      asked = System.nanoTime();
      answered.set(0);
    }

    private void answer(int bytes) throws IOException {
      if (bytes <= 0 || released) {
        return;
      }
      if (answered.addAndGet(bytes) > Bounds.RESPONSE_BYTES) {
        throw new IOException(
            "the server's answer is longer than " + Bounds.RESPONSE_BYTES + " bytes");
      }
      if (System.nanoTime() - asked > Bounds.responseTime(0).toNanos()) {
        throw new SocketTimeoutException("the server's answer took too long");
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int b = super.read();
          answer(b < 0 ? 0 : 1);
          return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          int n = super.read(buffer, offset, length);
          answer(n);
          return n;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(int b) throws IOException {
          ask();
          out.write(b);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
          ask();
          out.write(buffer, offset, length);
        }
      };
    }
  }
}
