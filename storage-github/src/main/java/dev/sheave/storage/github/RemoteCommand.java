package dev.sheave.storage.github;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import dev.sheave.storage.net.Bounds;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** A command that runs at the other end of an SSH connection, as a process. */
final class RemoteCommand extends Process {
  private static final long LOOK_AGAIN_MILLIS = 10;

  private final ChannelExec channel;
  private final InputStream output;
  private final InputStream errors;
  private final OutputStream input;

  /**
   * Starts it.
   *
   * @param limit how many bytes its output may have
   */
  RemoteCommand(ChannelExec channel, String command, long limit) throws IOException, JSchException {
    this.channel = channel;
    channel.setCommand(command);
    output = Bounds.response(channel.getInputStream(), channel.getSession().getHost(), limit);
    errors = channel.getErrStream();
    input = channel.getOutputStream();
    channel.connect();
  }

  @Override
  public OutputStream getOutputStream() {
    return input;
  }

  @Override
  public InputStream getInputStream() {
    return output;
  }

  @Override
  public InputStream getErrorStream() {
    return errors;
  }

  @Override
  public int waitFor() throws InterruptedException {
    while (isAlive()) {
      // the library tells nobody when a channel closes
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
    }
    return exitValue();
  }

  @Override
  public boolean isAlive() {
    return channel.isConnected() && !channel.isClosed();
  }

  @Override
  public int exitValue() {
    if (isAlive()) {
      throw new IllegalThreadStateException("it still runs");
    }
    return channel.getExitStatus();
  }

  @Override
  public void destroy() {
    channel.disconnect();
  }
}
