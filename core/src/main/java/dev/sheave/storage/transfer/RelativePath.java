package dev.sheave.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path below a base. Names from a listing, an archive or a caller are only used as files or
 * objects by way of this class.
 *
 * <p>Its parts are separated by {@code /}; it is never absolute, and none of its parts is empty,
 * {@code .} or {@code ..}. It is compared as a string. Immutable.
 */
public final class RelativePath implements Comparable<RelativePath> {
  /** The base itself. */
  public static final RelativePath ROOT = new RelativePath("");

  /** The longest path, in characters; the limit of S3 and its kin is 1,024 bytes. */
  public static final int MAX_LENGTH = 1024;

  /** Common file systems don't allow longer names. */
  private static final int MAX_PART_BYTES = 255;

  private static final Set<String> DEVICE_NAMES =
      Set.of("con", "prn", "aux", "nul", "clock$", "conin$", "conout$");

  private static final Pattern FORBIDDEN_BY_WINDOWS = Pattern.compile("[<>:\"|?*]");

  private static final Pattern NUMBERED_DEVICE = Pattern.compile("(com|lpt)[0-9¹²³]");

  private final String text;

  private RelativePath(String text) {
    this.text = text;
  }

  /**
   * Parses a path that a user wrote: separators at either end and a leading {@code ./} are ignored,
   * and the empty string is the base.
   *
   * @throws SheaveException {@code INVALID} if it leads out of the base or can't be a path
   */
  public static RelativePath of(String path) {
    String rest = Arguments.notNull(path, "path").strip();
    while (rest.startsWith("./")) {
      rest = rest.substring(2);
    }
    int start = 0;
    int end = rest.length();
    while (start < end && rest.charAt(start) == '/') {
      start++;
    }
    while (end > start && rest.charAt(end - 1) == '/') {
      end--;
    }
    rest = rest.substring(start, end);
    return rest.isEmpty() || rest.equals(".") ? ROOT : parse(rest);
  }

  /**
   * Parses a path from a listing or an archive: anything but a plain relative path is refused.
   *
   * @throws SheaveException {@code INVALID} if it is empty, absolute, leads out of the base, or has
   *     a part that no system takes for a name
   */
  public static RelativePath parse(String name) {
    Optional<String> refusal = refusalOf(Arguments.notNull(name, "name"));
    if (refusal.isPresent()) {
      String shown = name.length() > MAX_PART_BYTES ? name.substring(0, 60) + "…" : name;
      throw refused(shown, refusal.get());
    }
    return new RelativePath(name);
  }

  /** Why a name can't be a path, as the end of a sentence; empty if it can. */
  static Optional<String> refusalOf(String name) {
    if (name.isEmpty()) {
      return Optional.of("it is empty");
    }
    if (name.length() > MAX_LENGTH) {
      return Optional.of("it is longer than " + MAX_LENGTH + " characters");
    }
    if (name.startsWith("/")) {
      return Optional.of("it is absolute");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c == 0x7f) {
        return Optional.of("it contains a control character");
      }
      if (c == '\\') {
        return Optional.of("it contains a backslash");
      }
    }
    return Arrays.stream(name.split("/", -1))
        .flatMap(part -> refusalOfPart(part).stream())
        .findFirst();
  }

  /** Returns whether a name from a listing or an archive can be {@linkplain #parse parsed}. */
  public static boolean isValid(String name) {
    return tryParse(Arguments.notNull(name, "name")).isPresent();
  }

  /** Parses a path from a listing or an archive; empty if it can't be used. */
  static Optional<RelativePath> tryParse(String name) {
    return refusalOf(name).isPresent() ? Optional.empty() : Optional.of(new RelativePath(name));
  }

  private static Optional<String> refusalOfPart(String part) {
    if (part.isEmpty()) {
      return Optional.of("a part of it is empty");
    }
    if (part.equals("..") || part.equals(".")) {
      return Optional.of("it contains '" + part + "'");
    }
    if (part.length() > MAX_PART_BYTES || part.getBytes(UTF_8).length > MAX_PART_BYTES) {
      return Optional.of("a part of it is longer than " + MAX_PART_BYTES + " bytes");
    }
    if (part.length() == 2 && part.charAt(1) == ':' && Character.isLetter(part.charAt(0))) {
      return Optional.of("it names a drive");
    }
    return Optional.empty();
  }

  /**
   * Returns why Windows, and servers that follow its rules, can't have a file with this path, as
   * the end of a sentence; empty if they can.
   */
  public Optional<String> refusalOfWindows() {
    for (String part : text.split("/")) {
      Matcher forbidden = FORBIDDEN_BY_WINDOWS.matcher(part);
      if (forbidden.find()) {
        return Optional.of("it contains '" + forbidden.group() + "'");
      }
      if (part.endsWith(".") || part.endsWith(" ")) {
        return Optional.of("'" + part + "' ends with a " + (part.endsWith(".") ? "dot" : "space"));
      }
      if (isDevice(part)) {
        return Optional.of("'" + part + "' is the name of a device");
      }
    }
    return Optional.empty();
  }

  private static boolean isDevice(String part) {
    String stem = part.toLowerCase(Locale.ROOT);
    int dot = stem.indexOf('.');
    if (dot >= 0) {
      stem = stem.substring(0, dot).strip();
    }
    return DEVICE_NAMES.contains(stem) || NUMBERED_DEVICE.matcher(stem).matches();
  }

  /**
   * Returns where a file lies below a directory.
   *
   * @throws SheaveException {@code INVALID} if the file doesn't lie below the directory
   */
  public static RelativePath between(Path directory, Path file) {
    Arguments.notNull(directory, "directory");
    Arguments.notNull(file, "file");
    Path base = directory.toAbsolutePath().normalize();
    Path target = file.toAbsolutePath().normalize();
    if (!target.startsWith(base)) {
      throw new SheaveException(Code.INVALID, "'" + file + "' is outside of '" + directory + "'.");
    }
    if (target.equals(base)) {
      return ROOT;
    }
    StringBuilder name = new StringBuilder();
    for (Path part : base.relativize(target)) {
      name.append(name.isEmpty() ? "" : "/").append(part);
    }
    return parse(name.toString());
  }

  private static SheaveException refused(String name, String why) {
    return new SheaveException(
        Code.INVALID, "The path '" + printable(name) + "' can't be used: " + why + ".");
  }

  /** A name with its control characters spelled out, for messages. */
  static String printable(String name) {
    StringBuilder text = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                text.append(String.format("\\u%04x", c));
              } else {
                text.appendCodePoint(c);
              }
            });
    return text.toString();
  }

  /** Returns whether this is the base itself. */
  public boolean isRoot() {
    return text.isEmpty();
  }

  /** Returns this path with another below it. */
  public RelativePath resolve(RelativePath below) {
    Arguments.notNull(below, "below");
    if (isRoot()) {
      return below;
    }
    return below.isRoot() ? this : parse(text + "/" + below.text);
  }

  /** Returns this path with a name below it. */
  public RelativePath resolve(String name) {
    return resolve(parse(name));
  }

  /** Returns whether this path is that one or lies below it. */
  public boolean startsWith(RelativePath other) {
    Arguments.notNull(other, "other");
    return other.isRoot() || text.equals(other.text) || text.startsWith(other.text + "/");
  }

  /**
   * Returns this path as seen from a folder it lies in.
   *
   * @throws IllegalArgumentException if it doesn't lie in it
   */
  public RelativePath relativeTo(RelativePath folder) {
    Arguments.notNull(folder, "folder");
    if (!startsWith(folder)) {
      throw new IllegalArgumentException(this + " is not below " + folder);
    }
    if (folder.isRoot()) {
      return this;
    }
    return text.length() == folder.text.length()
        ? ROOT
        : new RelativePath(text.substring(folder.text.length() + 1));
  }

  /** Returns the folder that this path is in; the base's own is the base. */
  public RelativePath parent() {
    return new RelativePath(text.substring(0, Math.max(text.lastIndexOf('/'), 0)));
  }

  /** Returns the last part. */
  public String fileName() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /**
   * Returns the place of this path below a directory, without following any link on the way.
   *
   * @param directory the base
   * @return the absolute path
   * @throws SheaveException {@code INVALID} if a link on the way leads out of the directory, or its
   *     file system can't have such a name
   */
  public Path in(Path directory) {
    Arguments.notNull(directory, "directory");
    Path base = directory.toAbsolutePath().normalize();
    Path target = base;
    if (isRoot()) {
      return base;
    }
    for (String part : text.split("/")) {
      Path name = fileName(part, base.getFileSystem());
      if (name == null) {
        throw refused(text, "'" + part + "' can't be the name of a file on this machine");
      }
      target = target.resolve(name);
      if (Files.isSymbolicLink(target) && !leadsInto(target, base)) {
        throw new SheaveException(
            Code.INVALID,
            "The path '"
                + this
                + "' can't be used in '"
                + directory
                + "': '"
                + part
                + "' is a link that points outside of it.");
      }
    }
    return target;
  }

  /** Returns whether the file system of a directory can have files with this path. */
  boolean isPossibleIn(Path directory) {
    for (String part : text.split("/")) {
      if (fileName(part, directory.getFileSystem()) == null) {
        return false;
      }
    }
    return true;
  }

  /** Null if no file can have the name: Windows has drives and devices, and forbids characters. */
  private static @Nullable Path fileName(String part, FileSystem system) {
    try {
      Path name = system.getPath(part);
      boolean isName = name.getRoot() == null && name.getNameCount() == 1;
      return isName && !(system.getSeparator().equals("\\") && isDevice(part)) ? name : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static boolean leadsInto(Path link, Path base) {
    try {
      return link.toRealPath().startsWith(base.toRealPath());
    } catch (IOException e) {
      return Files.notExists(base, LinkOption.NOFOLLOW_LINKS);
    }
  }

  @Override
  public int compareTo(RelativePath other) {
    return text.compareTo(other.text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RelativePath path && path.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns the path with {@code /} between its parts; the base is the empty string. */
  @Override
  public String toString() {
    return text;
  }
}
