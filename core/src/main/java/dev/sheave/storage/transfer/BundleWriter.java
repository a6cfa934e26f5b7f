package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs a tree into an archive, see {@link BundleFormat}. */
final class BundleWriter {
  /**
   * How many bytes are looked at to decide whether to compress a file: jars are compressed already.
   */
  private static final int SAMPLE_BYTES = 32 * 1024;

  /**
   * The maximum entropy, in bits per byte, of files to compress: then compression saves a tenth or
   * more.
   */
  private static final double MAX_BITS_PER_BYTE = 7.2;

  private final ZipOutputStream zip;
  private final byte[] buffer = new byte[Digests.BUFFER_BYTES];

  /** Deflates 64 KiB at a time instead of 512 bytes. */
  private static final class WideZip extends ZipOutputStream {
    WideZip(OutputStream archive) {
      super(archive);
      buf = new byte[Digests.BUFFER_BYTES];
    }
  }

  private BundleWriter(ZipOutputStream zip) {
    this.zip = zip;
  }

  /**
   * Writes an archive.
   *
   * @param reading the digests of the files
   * @param files the locations of the files
   * @return the archive's SHA-256
   * @throws SheaveException {@code INVALID} if a file no longer matches the manifest, or the tree
   *     is one that a get would refuse
   */
  static String write(Path archive, Source.Reading reading, Map<RelativePath, Path> files)
      throws IOException {
    Manifest manifest = reading.manifest();
    byte[] index = manifest.toJson();
    if (index.length > BundleFormat.MAX_INDEX_BYTES) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          manifest.entries().size()
              + " files are too many for a bundle: upload them without a bundle, or ignore some.");
    }
    MessageDigest digest = Digests.sha256();
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip =
            new WideZip(
                new BufferedOutputStream(
                    new DigestOutputStream(file, digest), Digests.BUFFER_BYTES))) {
      zip.setLevel(Deflater.BEST_SPEED);
      zip.putNextEntry(entry(BundleFormat.INDEX));
      zip.write(index);
      zip.closeEntry();
      BundleWriter writer = new BundleWriter(zip);
      for (Manifest.Entry entry : manifest.entries().values()) {
        byte[] content = reading.contents().get(entry.path());
        Path source = files.get(entry.path());
        if (content != null) {
          writer.add(entry, content);
        } else if (source != null) {
          writer.add(entry, source);
        } else {
          throw new IllegalArgumentException(entry.path().toString());
        }
      }
    }
    if (!BundleFormat.mayExpand(Files.size(archive), manifest)) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The files compress to less than 1/"
              + BundleFormat.MAX_EXPANSION
              + " of their size, which downloads refuse as an attack: upload them without a"
              + " bundle.");
    }
    return Digests.hex(digest);
  }

  private static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(BundleFormat.TIME);
    return entry;
  }

  private void add(Manifest.Entry entry, byte[] content) throws IOException {
    AdaptiveExecutor.requireNotInterrupted();
    begin(entry, content, content.length);
    zip.write(content);
    zip.closeEntry();
  }

  private void add(Manifest.Entry entry, Path file) throws IOException {
    MessageDigest digest = Digests.sha256();
    long size = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int n = in.readNBytes(buffer, 0, SAMPLE_BYTES);
      begin(entry, buffer, n);
      while (n > 0) {
        AdaptiveExecutor.requireNotInterrupted();
        size += n;
        digest.update(buffer, 0, n);
        zip.write(buffer, 0, n);
        n = in.read(buffer);
      }
      zip.closeEntry();
    }
    if (size != entry.size() || !Digests.hex(digest).equals(entry.sha256())) {
      throw Source.changed(file);
    }
  }

  private void begin(Manifest.Entry entry, byte[] first, int length) throws IOException {
    boolean packs = packs(first, Math.min(length, SAMPLE_BYTES));
    zip.setLevel(packs ? Deflater.BEST_SPEED : Deflater.NO_COMPRESSION);
    zip.putNextEntry(entry(entry.path().toString()));
  }

  /** Whether to compress a file, by the entropy of its first bytes. */
  private static boolean packs(byte[] first, int length) {
    int[] counts = new int[256];
    for (int i = 0; i < length; i++) {
      counts[first[i] & 0xff]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        bits -= count * Math.log((double) count / length);
      }
    }
    return bits <= MAX_BITS_PER_BYTE * Math.log(2) * length;
  }
}
