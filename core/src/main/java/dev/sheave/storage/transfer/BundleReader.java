package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.internal.Digests;
import dev.sheave.storage.internal.ExecutableBit;
import dev.sheave.storage.transfer.StagedDownload.Wanted;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive, which may be hostile; see {@link BundleFormat}. Reading stops at an entry that
 * isn't the next one of the manifest, or whose size or content differs from it. Entry names are
 * never used as paths; only the manifest's {@link RelativePath}s are. Not safe for use by several
 * threads.
 */
final class BundleReader implements AutoCloseable {
  private final ZipInputStream zip;
  private final String location;
  private final Manifest manifest;
  private final byte[] buffer = new byte[Digests.BUFFER_BYTES];

  /** Inflates 64 KiB at a time instead of 512 bytes. */
  private static final class WideZip extends ZipInputStream {
    WideZip(InputStream archive) {
      super(archive);
      in = new PushbackInputStream(archive, Digests.BUFFER_BYTES);
      buf = new byte[Digests.BUFFER_BYTES];
    }
  }

  /** The archive doesn't hold the tree that the manifest in the store describes. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Opens an archive and reads its manifest.
   *
   * @param location where it came from, for messages
   * @throws SheaveException {@code INVALID} if its manifest has a path that can't be used
   */
  BundleReader(Path archive, Manifest.Bundle bundle, String location) throws IOException {
    this.location = location;
    this.zip = new WideZip(Files.newInputStream(archive));
    boolean opened = false;
    try {
      manifest = readManifest(bundle, Files.size(archive));
      opened = true;
    } finally {
      if (!opened) {
        zip.close();
      }
    }
  }

  private Manifest readManifest(Manifest.Bundle bundle, long archiveBytes) throws IOException {
    next(BundleFormat.INDEX);
    byte[] json = new byte[0];
    try {
      json = zip.readNBytes(BundleFormat.MAX_INDEX_BYTES + 1);
    } catch (ZipException | EOFException e) {
      throw damaged("can't be read", e);
    }
    if (json.length > BundleFormat.MAX_INDEX_BYTES) {
      throw damaged("has a manifest that is too long", null);
    }
    Manifest read = Manifest.read(new ByteArrayInputStream(json), location);
    if (read.bundle().isPresent()
        || read.entries().size() != bundle.files()
        || !read.digest().equals(bundle.digest())) {
      throw damaged("doesn't match the manifest beside it", null);
    }
    if (!BundleFormat.mayExpand(archiveBytes, read)) {
      throw damaged(
          "would expand to more than " + BundleFormat.MAX_EXPANSION + " times its size", null);
    }
    return read;
  }

  /** What the archive holds. */
  Manifest manifest() {
    return manifest;
  }

  /** Unpacks some files, each to its part, and verifies each. */
  void unpack(Map<Wanted, Path> parts, StagedDownload download) throws IOException {
    Map<RelativePath, Map.Entry<Wanted, Path>> byPath = new HashMap<>();
    parts.entrySet().forEach(part -> byPath.put(part.getKey().path(), part));
    for (Manifest.Entry entry : manifest.entries().values()) {
      if (byPath.isEmpty()) {
        return;
      }
      next(entry.path().toString());
      Map.Entry<Wanted, Path> part = byPath.remove(entry.path());
      if (part == null) {
        read(entry, OutputStream.nullOutputStream());
      } else {
        try (OutputStream out = PartOutput.open(part.getValue())) {
          read(entry, out);
        }
        ExecutableBit.set(part.getValue(), entry.executable());
        download.got(part.getKey(), entry.sha256());
      }
    }
  }

  private void next(String name) throws IOException {
    ZipEntry entry;
    try {
      entry = zip.getNextEntry();
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw damaged("can't be read", e);
    }
    if (entry == null) {
      throw damaged("ends before '" + name + "'", null);
    }
    if (!entry.getName().equals(name)) {
      throw damaged(
          "has '" + RelativePath.printable(entry.getName()) + "' in place of '" + name + "'", null);
    }
  }

  private void read(Manifest.Entry entry, OutputStream out) throws IOException {
    MessageDigest digest = Digests.sha256();
    long size = 0;
    for (int n = read(entry); n >= 0; n = read(entry)) {
      size += n;
      if (size > entry.size()) {
        throw damaged("has more data in '" + entry.path() + "' than its manifest says", null);
      }
      digest.update(buffer, 0, n);
      out.write(buffer, 0, n);
    }
    if (size != entry.size() || !Digests.hex(digest).equals(entry.sha256())) {
      throw damaged("has a different '" + entry.path() + "' than its manifest says", null);
    }
  }

  private int read(Manifest.Entry entry) throws IOException {
    AdaptiveExecutor.requireNotInterrupted();
    try {
      return zip.read(buffer);
    } catch (ZipException | EOFException e) {
      throw damaged("can't be read at '" + entry.path() + "'", e);
    }
  }

  private Damaged damaged(String what, @Nullable Throwable cause) {
    return new Damaged("The bundle '" + location + "' " + what, cause);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
