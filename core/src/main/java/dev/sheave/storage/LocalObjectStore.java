package dev.sheave.storage;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.Settings;
import dev.sheave.storage.backend.FolderStore;
import dev.sheave.storage.internal.ExecutableBit;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An object store over the files below a directory. Links that point outside of the directory
 * aren't objects of it, nor is what lies in the home of Sheave.
 */
final class LocalObjectStore extends FolderStore {
  private final Path base;
  private final Predicate<Path> isHome = Settings.isHome();

  /**
   * A store below a directory.
   *
   * @param base absolute; made by the first put if it is missing
   */
  LocalObjectStore(Path base) {
    this.base = base;
  }

  @Override
  public String location() {
    return base.toString();
  }

  @Override
  protected String location(RelativePath path) {
    return path.in(base).toString();
  }

  @Override
  public Set<Feature> features() {
    return ExecutableBit.isKept(base)
        ? Set.of(Feature.FOLDERS, Feature.EXECUTABLE_BIT)
        : Set.of(Feature.FOLDERS);
  }

  @Override
  public Optional<Path> directory(RelativePath prefix) {
    return Optional.of(prefix.in(base));
  }

  @Override
  protected void entries(RelativePath folder, Consumer<Entry> sink) {
    Path directory = folder.in(base);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path each : all) {
        entry(each).ifPresent(sink);
      }
    } catch (NotDirectoryException | NoSuchFileException e) {
      return; // it has no entries
    } catch (DirectoryIteratorException e) {
      throw failed("listed", directory, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failed("listed", directory, e);
    }
  }

  /** Broken or looping links, and what disappears meanwhile, isn't there. */
  private Optional<Entry> entry(Path path) throws IOException {
    String link = null;
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Path target = path.toRealPath();
        Path from = parent(path.toAbsolutePath()).toRealPath();
        if (!target.startsWith(base.toRealPath()) || from.startsWith(target)) {
          return Optional.empty();
        }
        link = attributes.isDirectory() ? target.toString() : null;
      }
      return attributes.isDirectory() && !isHome.test(path) || attributes.isRegularFile()
          ? Optional.of(entry(path, attributes, link))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException e) {
      if (Files.isSymbolicLink(path)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Entry entry(Path path, BasicFileAttributes attributes, @Nullable String link)
      throws IOException {
    boolean folder = attributes.isDirectory();
    return new Entry(
        String.valueOf(path.getFileName()),
        folder,
        folder ? 0 : attributes.size(),
        attributes.lastModifiedTime().toInstant(),
        version(attributes),
        !folder && ExecutableBit.of(path),
        link);
  }

  /** What the directory's own rules ignore needn't be readable. */
  @Override
  protected boolean isIgnored(RelativePath place, RelativePath folder) {
    return IgnoreRules.in(place.in(base)).ignoresBelow(folder.relativeTo(place).toString());
  }

  /**
   * Each put makes a new file, and so a new version, even within one tick of the file system's
   * clock.
   */
  private static String version(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime() + " " + attributes.fileKey();
  }

  @Override
  public InputStream get(RelativePath key) {
    Path file = key.in(base);
    if (Files.isDirectory(file)) {
      throw new SheaveException(Code.NOT_FOUND, "'" + file + "' isn't a file.");
    }
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      if (isBelowFile(file)) {
        throw new SheaveException(Code.NOT_FOUND, "'" + file + "' doesn't exist.", e);
      }
      throw failed("read", file, e);
    }
  }

  @Override
  protected void write(RelativePath key, RelativePath part, Content content) {
    makeFolders(key);
    try (InputStream in = content.open();
        OutputStream out = Files.newOutputStream(part.in(base))) {
      in.transferTo(out);
    } catch (IOException e) {
      throw failed("written", key.in(base), e);
    }
  }

  @Override
  protected void makeFolders(RelativePath key) {
    Path file = key.in(base);
    try {
      Files.createDirectories(parent(file));
    } catch (IOException e) {
      throw failed("written", file, e);
    }
  }

  @Override
  protected Optional<String> replace(RelativePath part, RelativePath key, Content content) {
    Path source = part.in(base);
    Path target = key.in(base);
    try {
      if (Files.isDirectory(target)) {
        clear(key);
      }
      ExecutableBit.set(source, content.executable());
      String version = version(Files.readAttributes(source, BasicFileAttributes.class));
      // not every file system replaces without being told so
      Files.move(
          source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return Optional.of(version);
    } catch (IOException e) {
      throw failed("written", target, e);
    }
  }

  @Override
  protected boolean deleteFile(RelativePath key) {
    Path file = key.in(base);
    try {
      return !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("removed", file, e);
    }
  }

  @Override
  protected boolean deleteFolder(RelativePath folder) {
    Path directory = folder.in(base);
    try {
      Files.delete(directory);
      return true;
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // somebody else has something in it, or was faster
      return false;
    } catch (IOException e) {
      throw failed("removed", directory, e);
    }
  }

  /** Those of downloads into the directory are folders with files. */
  @Override
  protected void removeDead(RelativePath part, boolean folder) {
    OwnedTemporary.removeIfDead(part.in(base), PART_PREFIX);
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  /** Whether something on the way to a file is a file itself. */
  private static boolean isBelowFile(Path file) {
    Path above = file.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above != null && !Files.isDirectory(above);
  }

  private static SheaveException failed(String done, Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new SheaveException(Code.NOT_FOUND, "'" + file + "' doesn't exist.", e);
    }
    if (e instanceof AccessDeniedException) {
      return new SheaveException(
          Code.PERMISSION_DENIED, "'" + file + "' can't be " + done + ": permission denied.", e);
    }
    if (e instanceof FileAlreadyExistsException inTheWay) {
      return new SheaveException(
          Code.INVALID,
          "'" + file + "' can't be " + done + ": '" + inTheWay.getFile() + "' is not a directory.",
          e);
    }
    if (Thread.currentThread().isInterrupted()) {
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    }
    return new SheaveException(
        Code.INTERNAL, "'" + file + "' can't be " + done + ": " + IoReason.of(e, file) + ".", e);
  }

  @Override
  public void close() {}
}
