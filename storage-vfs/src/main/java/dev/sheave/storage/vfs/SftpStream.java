package dev.sheave.storage.vfs;

import com.jcraft.jsch.ChannelSftp;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** A file that is read; its connection goes back to the pool when it is closed. */
final class SftpStream extends PushbackInputStream {
  private final SftpConnection connection;
  private final ChannelSftp channel;
  private final SftpPool pool;
  private boolean broken;
  private boolean closed;

  SftpStream(InputStream in, SftpConnection connection, ChannelSftp channel, SftpPool pool) {
    super(in);
    this.connection = connection;
    this.channel = channel;
    this.pool = pool;
  }

  /** Reads ahead, to see whether it can be read. */
  void fill() throws IOException {
    int first = read();
    if (first >= 0) {
      unread(first);
    }
  }

  @Override
  public int read() throws IOException {
    boolean done = false;
    try {
      int b = super.read();
      done = true;
      return b;
    } finally {
      broken |= !done;
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    boolean done = false;
    try {
      int n = super.read(buffer, offset, length);
      done = true;
      return n;
    } finally {
      broken |= !done;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    boolean inStep = false;
    try {
      if (!broken) {
        // asks no more, and takes what is still under way
        super.close();
        inStep = true;
      }
    } finally {
      connection.release(channel, inStep);
      pool.giveBack(connection);
    }
  }
}
