package dev.sheave.storage.vfs;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import dev.sheave.storage.net.AnswerSockets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connects a session. What the server sends is bounded until it is connected. */
final class SshHandshake implements SocketFactory {
  private final AnswerSockets sockets;
  private @Nullable Socket socket;

  private SshHandshake(Duration timeout) {
    this.sockets = new AnswerSockets(timeout);
  }

  /** Connects a session, and logs in. */
  static void connect(Session session, Duration timeout) throws JSchException {
    SshHandshake handshake = new SshHandshake(timeout);
    session.setSocketFactory(handshake);
    try {
      session.connect((int) timeout.toMillis());
    } catch (RuntimeException e) {
      throw new JSchException("the server doesn't follow the protocol", e); // the client trusts it
    }
    Socket connected = handshake.socket;
    if (connected != null) {
      AnswerSockets.release(connected);
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    Socket created = sockets.createSocket(host, port);
    socket = created;
    return created;
  }

  @Override
  public InputStream getInputStream(Socket socket) throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream getOutputStream(Socket socket) throws IOException {
    return socket.getOutputStream();
  }
}
