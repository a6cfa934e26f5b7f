package dev.sheave.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code in the home that somebody else may have written. */
@DisabledOnOs(OS.WINDOWS)
class TrustedFilesTest {
  @TempDir private Path home;
  private Path plugin = Path.of("");

  @BeforeEach
  void makePlugin() throws IOException {
    Path plugins = Files.createDirectory(home.resolve("plugins"));
    plugin = Files.createFile(plugins.resolve("mail.jar"));
    set("", "rwxr-xr-x");
    set("plugins", "rwxr-xr-x");
    set("plugins/mail.jar", "rw-r--r--");
  }

  private void set(String path, String permissions) throws IOException {
    Files.setPosixFilePermissions(home.resolve(path), PosixFilePermissions.fromString(permissions));
  }

  @Test
  void whatIsThisUsersAloneIsTrusted() {
    assertThatCode(() -> TrustedFiles.check(home, plugin)).doesNotThrowAnyException();
  }

  /** As with a umask that lets a group write, in a home that it can't enter. */
  @Test
  void whatOthersCantReachTheyCantWrite() throws IOException {
    set("", "rwx------");
    set("plugins", "rwxrwxrwx");
    set("plugins/mail.jar", "rw-rw-rw-");

    assertThatCode(() -> TrustedFiles.check(home, plugin)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "'', rwxrwx---",
    "plugins, rwxr-xrwx",
    "plugins/mail.jar, rw-rw-r--",
    "plugins/mail.jar, rw-r--rw-"
  })
  void whatOthersMayWriteIsNot(String path, String permissions) throws IOException {
    set(path, permissions);

    String named = path.isEmpty() ? home.toString() : home.resolve(path).toString();
    assertThatThrownBy(() -> TrustedFiles.check(home, plugin))
        .isInstanceOfSatisfying(
            SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED))
        .hasMessageStartingWith("'" + named + "' can be written by other users")
        .hasMessageContaining("chmod -R go-w " + named);
  }

  @Test
  void whatBelongsToSomebodyElseIsNot() throws IOException {
    try {
      Files.setAttribute(plugin, "unix:uid", 65534);
    } catch (IOException e) {
      assumeTrue(false, "root alone may give files away");
    }

    assertThatThrownBy(() -> TrustedFiles.check(home, plugin))
        .hasMessageStartingWith("'" + plugin + "' belongs to the user '");
  }
}
