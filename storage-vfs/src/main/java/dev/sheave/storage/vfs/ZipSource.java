package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.transfer.ObjectSource;
import dev.sheave.storage.transfer.RelativePath;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Enumeration;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.vfs2.FileNotFoundException;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.provider.sftp.SftpFileSystemConfigBuilder;
import org.jspecify.annotations.Nullable;

/** Entries of a zip archive, to be read. */
final class ZipSource implements ObjectSource {
  /** An archive that unpacks to less is accepted at any compression ratio. */
  private static final long HARMLESS_BYTES = 64L * 1024 * 1024;

  private static final long MAX_GROWTH = 100;

  /** VFS reports the status only in its messages. */
  private static final Pattern STATUS = Pattern.compile("HTTP status (\\d{3})\\b");

  private final RemoteLocation place;
  private final RemoteSettings settings;
  private @Nullable FileSystems fileSystems;
  private @Nullable ZipFile zip;

  ZipSource(RemoteLocation place, RemoteSettings settings) {
    this.place = place;
    this.settings = settings;
  }

  @Override
  public String location() {
    // what is in it comes after that
    return place.of(RelativePath.ROOT) + (place.folder().isRoot() ? "!" : "");
  }

  /** Opened once: an archive of a server is brought here as a whole. */
  private synchronized ZipFile zip() {
    ZipFile opened = zip;
    if (opened == null) {
      try {
        opened = open();
      } catch (FileSystemException e) {
        throw translate(e);
      }
      refuseBomb(opened);
      zip = opened;
    }
    return opened;
  }

  /** Each entry is held to the size that the archive says, and all of them together to this. */
  private void refuseBomb(ZipFile opened) {
    long most = Math.max(HARMLESS_BYTES, MAX_GROWTH * new File(opened.getName()).length());
    long left = most;
    Enumeration<? extends ZipEntry> entries = opened.entries();
    while (entries.hasMoreElements()) {
      ZipEntry entry = entries.nextElement();
      long size = entry.getSize();
      if (size < 0 || size > left) {
        throw new SheaveException(
            Code.INVALID,
            "'"
                + place.of(RelativePath.ROOT)
                + "' would expand to more than "
                + MAX_GROWTH
                + " times its size, with '"
                + entry.getName().replaceAll("\\p{Cntrl}", "?")
                + "' in it: it isn't unpacked.");
      }
      left -= size;
    }
  }

  private ZipFile open() throws FileSystemException {
    FileSystems systems = fileSystems == null ? new FileSystems() : fileSystems;
    fileSystems = systems;
    return systems
        .open(place.scheme().text() + ":" + place.host() + "!/", options(), ZipArchive.class)
        .file()
        .orElseThrow(this::missing);
  }

  private FileSystemOptions options() throws FileSystemException {
    if (!place.host().startsWith("sftp:")) {
      return HttpProvider.options(settings, true);
    }
    FileSystemOptions options = SftpProvider.options(settings);
    // VFS itself reads it
    SftpFileSystemConfigBuilder.getInstance().setUserDirIsRoot(options, false);
    return options;
  }

  private SheaveException missing() {
    return new SheaveException(
        Code.NOT_FOUND,
        "The archive '" + RemoteLocation.withoutUser(place.host()) + "' doesn't exist.");
  }

  private SheaveException translate(FileSystemException e) {
    String archive = RemoteLocation.withoutUser(place.host());
    if (Causes.find(e, ZipException.class) != null) {
      return new SheaveException(
          Code.INVALID, "'" + archive + "' isn't a zip archive (" + Causes.root(e) + ").", e);
    }
    if (Causes.find(e, java.io.FileNotFoundException.class) != null
        || Causes.find(e, FileNotFoundException.class) != null
        || Causes.messages(e).contains("does not exist")) {
      return new SheaveException(Code.NOT_FOUND, "The archive '" + archive + "' doesn't exist.", e);
    }
    if (archive.startsWith("sftp:")) {
      return new SftpErrors(RemoteLocation.parse(archive)).translate(RelativePath.ROOT, "read", e);
    }
    if (!archive.startsWith("file:")) {
      HttpErrors errors = new HttpErrors(RemoteLocation.parse(archive));
      Matcher answered = STATUS.matcher(Causes.messages(e));
      return answered.find()
          ? errors.answered(RelativePath.ROOT, "read", Integer.parseInt(answered.group(1)), e)
          : errors.unanswered(RelativePath.ROOT, e);
    }
    return new SheaveException(
        Code.INVALID, "'" + archive + "' can't be read (" + Causes.root(e) + ").", e);
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    String base = place.folder().isRoot() ? "" : place.folder() + "/";
    String start = prefix.isRoot() ? base : base + prefix + "/";
    Enumeration<? extends ZipEntry> entries = zip().entries();
    while (entries.hasMoreElements()) {
      ZipEntry entry = entries.nextElement();
      String name = entry.getName();
      if (name.startsWith(start) && !entry.isDirectory()) {
        // what changes whenever the entry's content does
        String version = entry.getCrc() < 0 ? null : Long.toHexString(entry.getCrc());
        sink.accept(
            new StoredObject(name.substring(base.length()), entry.getSize(), null, version));
      }
    }
  }

  @Override
  public InputStream get(RelativePath path) {
    try {
      ZipFile opened = zip();
      ZipEntry entry = opened.getEntry(place.folder().resolve(path).toString());
      if (entry == null || entry.isDirectory()) {
        throw new SheaveException(Code.NOT_FOUND, "'" + place.of(path) + "' doesn't exist.");
      }
      return new ZipEntryStream(opened.getInputStream(entry), entry, place.of(path));
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID, "'" + place.of(path) + "' can't be read (" + Causes.root(e) + ").", e);
    }
  }

  @Override
  public synchronized void close() {
    FileSystems systems = fileSystems;
    if (systems != null) {
      systems.close();
    }
  }
}
