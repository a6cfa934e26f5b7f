package dev.sheave.flow.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What of a class path a flow needs: less what every runtime has, and less the jars that nothing
 * refers to which is uploaded. Folders are the program's own and are always needed.
 *
 * <p>A class refers to a jar by any text of it that is the name of a class, a package or a resource
 * there, and so do texts such as service files. A jar that provides a service is needed by what
 * refers to the service, or to the part of the JDK that looks for it. When in doubt, a jar is
 * needed.
 */
public final class NeededLibraries {
  /** Larger resources aren't lists of names. */
  private static final int MAX_TEXT_BYTES = 1 << 20;

  private final LibraryNames names;
  private final Set<Path> needed = new HashSet<>();
  private final Deque<Path> unread = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();

  private NeededLibraries(LibraryNames names) {
    this.names = names;
  }

  /**
   * Returns the needed entries, in their order.
   *
   * @param classPath jars and folders
   * @param code the entry that has the flow
   */
  public static List<Path> of(List<Path> classPath, Path code) {
    List<Path> own = new ArrayList<>();
    List<Path> libraries = new ArrayList<>();
    for (Path entry : classPath) {
      if (entry.equals(code)) {
        own.add(entry);
      } else if (!ShippedCode.contains(entry)) {
        (Files.isDirectory(entry) ? own : libraries).add(entry);
      }
    }
    try {
      NeededLibraries search = new NeededLibraries(LibraryNames.of(libraries));
      own.forEach(search::need);
      search.names.always().forEach(search::need);
      search.readAll();
      return classPath.stream().filter(search.needed::contains).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The program's class path can't be read: "
              + IoReason.of(e instanceof UncheckedIOException u ? u.getCause() : (IOException) e)
              + ".",
          e);
    }
  }

  private void need(Path entry) {
    if (needed.add(entry)) {
      unread.add(entry);
    }
  }

  private void readAll() throws IOException {
    for (Path next = unread.poll(); next != null; next = unread.poll()) {
      if (Files.isDirectory(next)) {
        readFolder(next);
      } else {
        readJar(next);
      }
    }
  }

  private void readFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (isRead(name, Files.size(file))) {
          read(name, Files.readAllBytes(file));
        }
      }
    }
  }

  private void readJar(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
        if (!entry.isDirectory() && isRead(entry.getName(), entry.getSize())) {
          try (InputStream in = zip.getInputStream(entry)) {
            read(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
  }

  private static boolean isRead(String name, long size) {
    return name.endsWith(".class") || (size <= MAX_TEXT_BYTES && !LibraryNames.isAboutTheJar(name));
  }

  private void read(String name, byte[] content) {
    if (name.endsWith(".class")) {
      ClassNames.texts(content, this::refersTo);
    } else {
      refersTo(name); // a service is looked for by the name of its file
      String text = new String(content, StandardCharsets.UTF_8);
      if (text.indexOf('\0') < 0) {
        refersTo(text);
      }
    }
  }

  private void refersTo(String text) {
    if (text.length() > 200 || seen.add(text)) { // class files repeat themselves
      ClassNames.in(text, (name, hasMore) -> names.librariesOf(name, hasMore).forEach(this::need));
    }
  }
}
