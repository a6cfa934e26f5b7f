package dev.sheave.storage;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.storage.internal.ExecutableBit;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object store over the files below a directory. A put writes beside its target and renames, so
 * that it is atomic. Links that point outside of the directory aren't objects of it.
 */
final class LocalObjectStore implements ObjectStore {
  /** Starts as all names do that transfers keep for themselves. */
  private static final String PART_PREFIX = ".sheave-part-";

  private final Path base;

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
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    Path start = prefix.in(base);
    if (!Files.isDirectory(start)) {
      return;
    }
    try {
      Path realBase = base.toRealPath();
      Files.walkFileTree(
          start,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new Visitor(start, realBase, prefix, sink));
    } catch (IOException e) {
      throw failed("listed", start, e);
    }
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path start;
    private final Path realBase;
    private final RelativePath prefix;
    private final Consumer<StoredObject> sink;

    Visitor(Path start, Path realBase, RelativePath prefix, Consumer<StoredObject> sink) {
      this.start = start;
      this.realBase = realBase;
      this.prefix = prefix;
      this.sink = sink;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      boolean part = isPart(folder) && !folder.equals(start);
      if (part) {
        OwnedTemporary.removeIfDead(folder, PART_PREFIX);
      }
      return part || leadsOut(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (isPart(file)) {
        OwnedTemporary.removeIfDead(file, PART_PREFIX);
      } else if (attributes.isRegularFile() && !leadsOut(file)) {
        sink.accept(
            new StoredObject(
                name(file),
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                version(attributes),
                ExecutableBit.of(file)));
      }
      return FileVisitResult.CONTINUE;
    }

    /**
     * Broken or looping links, and files that disappear during the walk, aren't objects. What the
     * directory's own rules ignore needn't be readable.
     */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (Files.isSymbolicLink(file)
          || e instanceof NoSuchFileException
          || IgnoreRules.in(start).ignoresBelow(name(file).substring(skipped()))) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    private int skipped() {
      return prefix.isRoot() ? 0 : prefix.toString().length() + 1;
    }

    private boolean leadsOut(Path path) throws IOException {
      return Files.isSymbolicLink(path) && !path.toRealPath().startsWith(realBase);
    }

    private String name(Path file) {
      StringBuilder name = new StringBuilder(prefix.toString());
      for (Path part : start.relativize(file)) {
        name.append(name.isEmpty() ? "" : "/").append(part);
      }
      return name.toString();
    }
  }

  private static boolean isPart(Path path) {
    return String.valueOf(path.getFileName()).startsWith(PART_PREFIX);
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
  public Optional<String> put(RelativePath key, Content content, Condition condition) {
    if (!condition.equals(Condition.NONE)) {
      throw new IllegalArgumentException("conditions are not a feature of this store");
    }
    Path file = key.in(base);
    Path part = file.resolveSibling(OwnedTemporary.name(PART_PREFIX));
    try {
      if (Files.isDirectory(file) && !removeFolder(file)) {
        throw new SheaveException(
            Code.INVALID, "'" + file + "' already exists and isn't a file: choose another path.");
      }
      Files.createDirectories(part.getParent());
      return Optional.of(write(content, part, file));
    } catch (IOException e) {
      throw failed("written", file, e);
    }
  }

  /** Returns the version. */
  private static String write(Content content, Path part, Path file) throws IOException {
    boolean moved = false;
    try {
      long size = copy(content, part);
      if (size != content.size()) {
        throw new SheaveException(
            Code.INVALID,
            "The content of '"
                + file
                + "' has "
                + size
                + " bytes instead of "
                + content.size()
                + ".");
      }
      ExecutableBit.set(part, content.executable());
      String version = version(Files.readAttributes(part, BasicFileAttributes.class));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      moved = true;
      return version;
    } finally {
      if (!moved) {
        Files.deleteIfExists(part);
      }
    }
  }

  private static long copy(Content content, Path part) throws IOException {
    try (InputStream in = content.open();
        OutputStream out = Files.newOutputStream(part)) {
      return in.transferTo(out);
    }
  }

  @Override
  public void delete(Collection<RelativePath> keys) {
    for (RelativePath key : keys) {
      Path file = key.in(base);
      try {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) || !Files.deleteIfExists(file)) {
          continue;
        }
        removeEmptyFolders(java.util.Objects.requireNonNull(file.getParent()));
      } catch (IOException e) {
        throw failed("removed", file, e);
      }
    }
  }

  /** Removes a folder without objects, with the parts that dead puts left; false if it has some. */
  private static boolean removeFolder(Path folder) throws IOException {
    if (Files.isSymbolicLink(folder)) {
      return false;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder)) {
      all = new ArrayList<>(walk.toList());
    }
    for (Path one : all) {
      if (!Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) && !isPart(one)) {
        return false;
      }
    }
    Collections.reverse(all);
    for (Path one : all) {
      Files.delete(one);
    }
    return true;
  }

  /** An object store has no folders: those that a delete left empty go with the last file. */
  private void removeEmptyFolders(@Nullable Path folder) throws IOException {
    try {
      for (Path empty = folder;
          empty != null && !empty.equals(base) && empty.startsWith(base);
          empty = empty.getParent()) {
        Files.delete(empty);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // somebody else has something in it, or was faster
      return;
    }
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
