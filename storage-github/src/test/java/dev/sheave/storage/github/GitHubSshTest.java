package dev.sheave.storage.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Over SSH, with a deploy key, against OpenSSH's server. */
class GitHubSshTest extends Fetching {
  @Test
  void aDeployKeyReadsARepositoryWithItsSubmoduleAndLargeFile() {
    Map<String, String> all =
        files(GitService.sshBlock("org/main.git").includeSubmodules(true).build());

    assertThat(all)
        .containsEntry("readme.txt", "from the repository\n")
        .containsEntry("library/library.txt", "from the submodule\n");
    assertThat(all.get("data/large.bin")).doesNotStartWith("version");
  }

  @Test
  void aHostThatIsNotKnownOrIsAnotherIsRefused() throws JSchException {
    String known = GitService.knownHosts();
    ByteArrayOutputStream publicHalf = new ByteArrayOutputStream();
    newKey(publicHalf);
    String other = known.substring(0, known.indexOf(' ') + 1) + publicHalf.toString(UTF_8);
    refused(
        GitService.sshBlock("org/main.git").knownHosts("example.com " + known).build(),
        Code.PERMISSION_DENIED,
        "isn't known",
        "ssh-keyscan");
    refused(
        GitService.sshBlock("org/main.git").knownHosts(other).build(),
        Code.PERMISSION_DENIED,
        "isn't the known one");
  }

  private static Secret newKey(ByteArrayOutputStream publicHalf) throws JSchException {
    KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
    ByteArrayOutputStream privateHalf = new ByteArrayOutputStream();
    pair.writeOpenSSHv1PrivateKey(privateHalf, null);
    pair.writePublicKey(publicHalf, "test");
    return Secret.of(privateHalf.toString(UTF_8));
  }

  @Test
  void aKeyThatTheHostDoesNotTakeIsSaidWithoutShowingIt() throws JSchException {
    Secret other = newKey(new ByteArrayOutputStream());
    refused(
        GitService.sshBlock("org/main.git").deployKey(other).build(),
        Code.PERMISSION_DENIED,
        "rejected the deploy_key");
  }

  @Test
  void aRepositoryThatIsMissingIsSaid() {
    refused(
        GitService.sshBlock("org/no-such.git").build(),
        Code.NOT_FOUND,
        "the repository doesn't exist");
  }
}
