package dev.sheave.infrastructure.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.block.Secret;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Ended.Kind;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.infrastructure.RunningInfrastructure;
import dev.sheave.testkit.storage.TroubledServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tests' engine, behind an SSH server of the test's own. */
@Timeout(120)
class SshEngineTest {
  private static final Path SSHD = Path.of("/usr/sbin/sshd");

  @TempDir Path folder;
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private @Nullable Process sshd;
  private URI host;
  private URI socket;

  @BeforeEach
  void startServer() throws Exception {
    URI engine = URI.create(DockerService.host());
    assumeTrue(Files.isExecutable(SSHD), "OpenSSH's server isn't installed");
    assumeTrue("unix".equals(engine.getScheme()));
    for (String key : List.of("host-key", "user-key")) {
      run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.resolve(key).toString());
    }
    int port = TroubledServer.freePort();
    Files.writeString(
        folder.resolve("sshd_config"),
        """
        ListenAddress 127.0.0.1
        Port %1$d
        HostKey %2$s/host-key
        PidFile none
        AuthorizedKeysFile %2$s/user-key.pub
        StrictModes no
        UsePAM no
        PermitRootLogin yes
        PasswordAuthentication no
        """
            .formatted(port, folder));
    Files.writeString(
        folder.resolve("ssh_config"),
        """
        Host *
          IdentityFile %1$s/user-key
          IdentitiesOnly yes
          UserKnownHostsFile %1$s/known_hosts
          StrictHostKeyChecking accept-new
        """
            .formatted(folder));
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd")); // where it must be is compiled in
    }
    sshd =
        new ProcessBuilder(
                SSHD.toString(), "-D", "-e", "-f", folder.resolve("sshd_config").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    host =
        URI.create(
            "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + engine.getPath());
    while (!Files.readString(folder.resolve("log")).contains("Server listening")) {
      assertThat(sshd.isAlive()).as(Files.readString(folder.resolve("log"))).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    socket =
        SshTunnel.open(List.of("ssh", "-F", folder.resolve("ssh_config").toString()), host).url();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @AfterEach
  void stopServer() {
    if (sshd != null) {
      sshd.descendants().forEach(ProcessHandle::destroy);
      sshd.destroy();
    }
  }

  private RunningInfrastructure start(String script) {
    return DockerContainer.builder()
        .dockerHost(socket.toString())
        .image(DockerService.image())
        .command(List.of("sh", "-c", script))
        .build()
        .start(
            RunRequest.builder(
                    UUID.randomUUID(),
                    "owl",
                    ApiAccess.to("https://sheave.test/api").withKey(Secret.of("the key")))
                .output(output::add)
                .build());
  }

  @Test
  void aRunIsStartedShownAndKilledThroughIt() throws Exception {
    RunningInfrastructure ended =
        start(
            "cat $SHEAVE_API_KEY_FILE; i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo $i; done; exit 3");
    assertThat(ended.ended().toCompletableFuture().get(60, TimeUnit.SECONDS).exitCode())
        .hasValue(3);
    assertThat(output).hasSize(501).contains("the key", "1", "500");
    ended.remove();
    output.clear();

    RunningInfrastructure killed = start("echo ready; exec sleep 600");
    assertThat(output.poll(30, TimeUnit.SECONDS)).isEqualTo("ready");
    killed.kill(Duration.ZERO);
    assertThat(killed.ended().toCompletableFuture().get(60, TimeUnit.SECONDS).kind())
        .isEqualTo(Kind.KILLED);
    killed.remove();
  }
}
