package dev.sheave.storage.transfer;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.TextFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules for the files of a directory that are not part of its tree. They work as in
 * gitignore(5): the last matching pattern decides, and files in an ignored directory can't be
 * included again.
 *
 * <p>The ignore files themselves, files whose names start with {@code .sheave-}, and what is in a
 * folder {@code .sheave} are never part of a tree. Immutable.
 */
public final class IgnoreRules {
  /** The file in a directory that holds its rules. */
  public static final String FILE_NAME = ".sheaveignore";

  /** The file that holds them if there is no {@value #FILE_NAME}. */
  public static final String FALLBACK_FILE_NAME = ".prefectignore";

  /** Ignores nothing but Sheave's own files. */
  public static final IgnoreRules NONE = new IgnoreRules("", List.of(), Set.of());

  /**
   * The rules used if there is no ignore file: they ignore the files that builds, editors and
   * version control leave behind.
   */
  public static final IgnoreRules DEFAULTS =
      of(
          "the built-in rules",
          Stream.of(
              // version control
              ".git",
              ".hg/",
              ".svn/",
              // builds, at the root and in its modules: a package may be named so; not *.class,
              // which may be the code
              "/target/",
              "/*/target/",
              "/build/",
              "/*/build/",
              "/out/",
              ".gradle/",
              "node_modules/",
              // what 'deployment build' writes by default: it differs each time
              "*-deployment.yaml",
              // editors and desktops
              ".idea/",
              "*.iml",
              ".vscode/",
              ".settings/",
              ".classpath",
              ".project",
              ".metals/",
              ".bloop/",
              "*~",
              "*.sw[op]",
              ".#*",
              ".DS_Store",
              "Thumbs.db",
              // credentials and machines' own settings
              ".env",
              // dying JVMs
              "hs_err_pid*",
              "replay_pid*",
              // Python's
              "__pycache__/",
              "*.py[cod]",
              "*$py.class",
              "*.egg-info/",
              "*.egg",
              ".mypy_cache/",
              ".pytest_cache/",
              ".dmypy.json",
              "dmypy.json",
              ".pyre/",
              "profile_default/",
              "ipython_config.py",
              "*.ipynb_checkpoints/*",
              ".python-version",
              ".venv",
              "venv/",
              "dask-worker-space/"));

  private final String source;
  private final List<IgnorePattern> patterns;
  private final Set<String> excluded;

  private IgnoreRules(String source, List<IgnorePattern> patterns, Set<String> excluded) {
    this.source = source;
    this.patterns = patterns;
    this.excluded = excluded;
  }

  /** Whether a path is reserved for Sheave, and so never part of a tree. */
  public static boolean isReserved(String path) {
    return ReservedNames.isReserved(path);
  }

  /**
   * The rules of a directory: of its {@value #FILE_NAME}, else of its {@value #FALLBACK_FILE_NAME},
   * else {@link #DEFAULTS}. Nothing is written.
   *
   * @throws SheaveException {@code INVALID} if the file can't be read or isn't text
   */
  public static IgnoreRules in(Path directory) {
    return inFile(directory).orElse(DEFAULTS);
  }

  /** The rules of a directory's ignore file, if it has one. */
  static Optional<IgnoreRules> inFile(Path directory) {
    for (String name : List.of(FILE_NAME, FALLBACK_FILE_NAME)) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        return Optional.of(fromFile(file, name));
      }
    }
    return Optional.empty();
  }

  /**
   * The rules in a file.
   *
   * @throws SheaveException {@code NOT_FOUND} if the file doesn't exist, {@code INVALID} if it
   *     can't be read or isn't text
   */
  public static IgnoreRules fromFile(Path file) {
    return fromFile(file, file.toString());
  }

  private static IgnoreRules fromFile(Path file, String shownName) {
    String text = TextFile.read(file, "ignore file '" + file + "'");
    long line = text.lines().takeWhile(each -> each.indexOf('\0') < 0).count() + 1;
    if (text.indexOf('\0') >= 0) {
      throw new SheaveException(
          Code.INVALID,
          "The ignore file '" + file + "' has a NUL character in line " + line + ": remove it.");
    }
    return of("'" + shownName + "'", TextFile.lines(text).stream());
  }

  /** The rules in a string, one pattern per line. */
  public static IgnoreRules of(String text) {
    return of("the ignore rules", TextFile.lines(text).stream());
  }

  private static IgnoreRules of(String source, Stream<String> lines) {
    return new IgnoreRules(
        source, lines.map(IgnorePattern::parse).flatMap(Optional::stream).toList(), Set.of());
  }

  /** These rules, plus some files that are always ignored, such as a program's own output. */
  public IgnoreRules excluding(Collection<RelativePath> paths) {
    Set<String> all = new HashSet<>(excluded);
    paths.forEach(path -> all.add(path.toString()));
    return new IgnoreRules(source, patterns, Set.copyOf(all));
  }

  /** These rules, plus one file that is always ignored. */
  public IgnoreRules excluding(RelativePath path) {
    return excluding(List.of(path));
  }

  /** Where the rules come from, for people: {@code '.sheaveignore'}, {@code the built-in rules}. */
  public String source() {
    return source;
  }

  /**
   * Returns whether a file or directory is ignored. A directory that is isn't entered, so its files
   * are not asked for.
   *
   * @param path relative to the directory that the rules belong to
   * @param directory whether it is a directory
   */
  public boolean ignores(RelativePath path, boolean directory) {
    return ignores(path.toString(), directory);
  }

  /** As the other, for a name that may be none of a {@link RelativePath}. */
  boolean ignores(String path, boolean directory) {
    return isNoFileOfATree(path) || excluded.contains(path) || matches(path, directory);
  }

  /**
   * Returns whether a file or directory is ignored by itself or with a directory that it lies in.
   *
   * @param path relative to the directory that the rules belong to
   */
  public boolean ignoresBelow(String path) {
    return ignoresFile(path) || ignores(path, true);
  }

  /** Returns whether a file is ignored by itself or with a directory that it lies in. */
  boolean ignoresFile(String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (ignores(path.substring(0, slash), true)) {
        return true;
      }
    }
    return ignores(path, false);
  }

  /** Whether a file is ignored, but not by a rule, so that it isn't reported. */
  static boolean isNoFileOfATree(String path) {
    return path.equals(FILE_NAME)
        || path.equals(FALLBACK_FILE_NAME)
        || ReservedNames.isReserved(path);
  }

  private boolean matches(String path, boolean directory) {
    for (int i = patterns.size() - 1; i >= 0; i--) {
      IgnorePattern pattern = patterns.get(i);
      if (pattern.matches(path, directory)) {
        return !pattern.negated();
      }
    }
    return false;
  }
}
