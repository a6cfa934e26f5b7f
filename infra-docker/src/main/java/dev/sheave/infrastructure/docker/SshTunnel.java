package dev.sheave.infrastructure.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A local socket whose connections are those of an engine on another machine: each is a process
 * {@code ssh HOST docker system dial-stdio}, as the docker command has it. Whose key it takes, and
 * where hosts are known, is the configuration of {@code ssh}. It is there as long as this program.
 * Safe for use by several threads.
 */
final class SshTunnel {
  private static final int BUFFER = 64 * 1024;
  private static final int STACK_BYTES = 256 * 1024;

  /** How much of what {@code ssh} says is kept. */
  private static final int MAX_COMPLAINT = 2000;

  /** How long programs that ssh has started may keep its errors open. */
  private static final Duration COMPLAINT_TIME = Duration.ofSeconds(5);

  private final List<String> command;
  private final Path socket;
  private volatile String complaint = "";

  private SshTunnel(List<String> command, Path socket) {
    this.command = command;
    this.socket = socket;
  }

  /**
   * Opens it; nothing is sent before the first connection.
   *
   * @param ssh the program, with its options
   * @param host an URL with the user, the host, its port, and the engine's socket there, of which
   *     all but the host may be missing
   */
  static SshTunnel open(List<String> ssh, URI host) throws IOException {
    Path folder = Files.createTempDirectory("sheave-ssh-"); // its owner's alone
    Path socket = folder.resolve("docker.sock");
    folder.toFile().deleteOnExit();
    socket.toFile().deleteOnExit(); // in the reverse order
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    SshTunnel tunnel = new SshTunnel(command(ssh, host), socket);
    Thread unused = start("sheave-docker-ssh", () -> tunnel.accept(server));
    return tunnel;
  }

  private static List<String> command(List<String> ssh, URI host) {
    List<String> all = new ArrayList<>(ssh);
    // nobody is there to type a password
    all.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=30", "-T"));
    if (host.getUserInfo() != null) {
      all.addAll(List.of("-l", host.getUserInfo()));
    }
    if (host.getPort() >= 0) {
      all.addAll(List.of("-p", Integer.toString(host.getPort())));
    }
    all.addAll(List.of("--", host.getHost(), "docker"));
    String path = host.getPath();
    if (path != null && path.length() > 1) {
      all.addAll(List.of("--host", "unix://" + path));
    }
    all.addAll(List.of("system", "dial-stdio"));
    return all;
  }

  /** Where programs connect to. */
  URI url() {
    return URI.create("unix://" + socket);
  }

  /** What {@code ssh} said last about why there is no connection; may be empty. */
  String complaint() {
    return complaint;
  }

  private void accept(ServerSocketChannel server) {
    while (true) {
      try {
        SocketChannel client = server.accept();
        Thread unused = start("sheave-docker-ssh-out", () -> connect(client));
      } catch (IOException e) {
        return; // the program ends
      }
    }
  }

  private void connect(SocketChannel client) {
    try (client) {
      Process ssh = new ProcessBuilder(command).start();
      Thread unused = start("sheave-docker-ssh-in", () -> pump(client, ssh));
      Thread listener = start("sheave-docker-ssh-err", () -> listen(ssh));
      byte[] buffer = new byte[BUFFER];
      try (InputStream in = ssh.getInputStream()) {
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          ByteBuffer rest = ByteBuffer.wrap(buffer, 0, length);
          while (rest.hasRemaining()) {
            client.write(rest);
          }
        }
      } finally {
        end(ssh);
        listener.join(COMPLAINT_TIME.toMillis()); // who hears of the end may ask why
        ssh.destroy();
      }
    } catch (IOException e) {
      complaint = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(SocketChannel client, Process ssh) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (OutputStream to = ssh.getOutputStream()) {
      // not by the streams of the channel, which let nobody write while somebody reads
      while (client.read(buffer) >= 0) {
        to.write(buffer.array(), 0, buffer.position());
        to.flush();
        buffer.clear();
      }
    } catch (IOException e) {
      // one of the two has gone, and the other hears of it
    } finally {
      end(ssh);
    }
  }

  /** Ends it, and leaves open what it has said: {@code Process.destroy} throws that away. */
  private static void end(Process ssh) {
    ssh.toHandle().destroy();
  }

  private void listen(Process ssh) {
    try (InputStream errors = ssh.getErrorStream()) {
      String said = new String(errors.readNBytes(MAX_COMPLAINT), StandardCharsets.UTF_8).strip();
      if (!said.isEmpty()) {
        complaint = said;
      }
      errors.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // it was closed
    }
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(null, task, name, STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
