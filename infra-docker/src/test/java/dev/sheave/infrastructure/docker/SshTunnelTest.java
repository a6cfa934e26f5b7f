package dev.sheave.infrastructure.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class SshTunnelTest {

  /** It takes nothing more, so what is written to it fails before it has ended. */
  @Test
  void whatSshSaidIsKnownWhenTheConnectionEnds(@TempDir Path folder) throws Exception {
    Path deaf = folder.resolve("deaf");
    Path ssh = folder.resolve("ssh");
    Files.writeString(
        ssh, "#!/bin/sh\necho refused >&2\nexec 0<&-\n: >" + deaf + "\nexec sleep 600\n");
    assertThat(ssh.toFile().setExecutable(true)).isTrue();
    SshTunnel tunnel = SshTunnel.open(List.of(ssh.toString()), URI.create("ssh://gold"));

    try (SocketChannel client =
        SocketChannel.open(UnixDomainSocketAddress.of(Path.of(tunnel.url().getPath())))) {
      while (!Files.exists(deaf)) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      client.write(ByteBuffer.wrap("GET /_ping".getBytes(US_ASCII)));
      assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    assertThat(tunnel.complaint()).isEqualTo("refused");
  }
}
