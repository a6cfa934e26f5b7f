package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with a key in it. As by ssh, one that others can read or write isn't used: the key may no
 * longer be a secret.
 */
public final class PrivateKeyFile {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateKeyFile.class);

  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private PrivateKeyFile() {}

  /**
   * Refuses a file that others have access to.
   *
   * @param name names it in the message, without an article: {@code key file '/home/me/key'}
   * @throws SheaveException {@code PERMISSION_DENIED}
   */
  public static void check(Path file, String name) {
    openTo(file)
        .ifPresent(
            permissions -> {
              throw new SheaveException(
                  Code.PERMISSION_DENIED,
                  "The "
                      + name
                      + " isn't used: others have access to it ("
                      + permissions
                      + "). Run 'chmod 600 "
                      + file
                      + "'; if others may have read the key, replace it.");
            });
  }

  /**
   * Returns whether a key that nobody named, such as {@code ~/.ssh/id_ed25519}, can be used. If
   * others have access to it, a warning says why it isn't.
   */
  public static boolean isUsable(Path file) {
    if (!Files.isReadable(file)) {
      return false;
    }
    Optional<String> open = openTo(file);
    open.ifPresent(
        permissions ->
            LOG.warn("The key '{}' isn't used: others have access to it ({}).", file, permissions));
    return open.isEmpty();
  }

  /**
   * Returns the permissions of a file of this user's that others have access to; empty for others'
   * files, as by ssh, and where the file system doesn't have such permissions.
   */
  private static Optional<String> openTo(Path file) {
    try {
      PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (view == null) {
        return Optional.empty();
      }
      PosixFileAttributes attributes = view.readAttributes();
      boolean isOwn = attributes.owner().getName().equals(TrustedFiles.thisUser());
      return isOwn && !OWNERS.containsAll(attributes.permissions())
          ? Optional.of(PosixFilePermissions.toString(attributes.permissions()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // who reads it says why that can't be
    }
  }
}
