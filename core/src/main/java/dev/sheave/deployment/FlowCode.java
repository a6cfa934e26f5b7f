package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.FlowMethod;
import dev.sheave.flow.internal.ClassPath;
import dev.sheave.flow.internal.ClassPathFile;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.flow.internal.NeededLibraries;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The code of a flow, and which files of it are uploaded. */
sealed interface FlowCode {

  /** Returns the files to upload. They are looked for by each call. */
  FileTree files();

  /**
   * Returns the directory that has the code as a run needs it; null if it has to be put together.
   */
  @Nullable Path directory();

  /**
   * Checks that a flow is in the files to upload.
   *
   * @throws SheaveException {@code INVALID} if the flow's file isn't, so that no run would find it
   */
  default void checkHas(Entrypoint flow, FileTree files) {}

  /**
   * A directory without its ignored files.
   *
   * @param directory the directory
   * @param ignoreFile the ignore file to use; null for the directory's own
   * @param excluded files of it that are never uploaded
   */
  record Directory(Path directory, @Nullable Path ignoreFile, List<Path> excluded)
      implements FlowCode {
    @Override
    public FileTree files() {
      List<RelativePath> inside = new ArrayList<>();
      for (Path file : excluded) {
        Path absolute = file.toAbsolutePath().normalize();
        if (absolute.startsWith(directory.toAbsolutePath().normalize())) {
          inside.add(RelativePath.between(directory, absolute));
        }
      }
      return FileTree.of(directory, rules().excluding(inside));
    }

    private IgnoreRules rules() {
      return ignoreFile == null ? IgnoreRules.in(directory) : IgnoreRules.fromFile(ignoreFile);
    }

    @Override
    public void checkHas(Entrypoint flow, FileTree files) {
      Path file = directory.resolve(flow.location()).toAbsolutePath().normalize();
      if (Files.isRegularFile(file) && !files.files().containsValue(file)) {
        IgnoreRules rules = rules();
        throw new SheaveException(
            Code.INVALID,
            "The flow's own file '"
                + flow.location()
                + (rules.ignoresBelow(flow.location())
                    ? "' is ignored by "
                        + rules.source()
                        + ", so no run would find it: "
                        + adviceOn(rules)
                    : "' is in a folder of Sheave's own, which isn't uploaded: move it."));
      }
    }

    private static String adviceOn(IgnoreRules rules) {
      return rules == IgnoreRules.DEFAULTS
          ? "write your own rules into '" + IgnoreRules.FILE_NAME + "'."
          : "change the rules in " + rules.source() + ".";
    }
  }

  /**
   * The class path of a program, or what a flow needs of it: folders below {@code classes/}, jars
   * in {@code lib/}, and a file that lists them in their order.
   *
   * @param code the entry that has the flow
   * @param entries the whole class path
   * @param home {@code SHEAVE_HOME}
   */
  record ProgramClassPath(Path code, List<Path> entries, Path home) implements FlowCode {
    /**
     * What lies beside classes and has nothing to do with them, such as {@code .git} and {@code
     * .env}.
     */
    private static final IgnoreRules HIDDEN = IgnoreRules.of(".*");

    private static final Pattern UNUSUAL = Pattern.compile("[\\p{Cntrl}\\\\:*?\"<>|]");

    @Override
    public @Nullable Path directory() {
      return null;
    }

    @Override
    public FileTree files() {
      FileTree.Builder tree = FileTree.builder();
      List<RelativePath> places = new ArrayList<>();
      Set<String> used = new HashSet<>();
      for (Path entry : NeededLibraries.of(entries, code)) {
        boolean isFolder = Files.isDirectory(entry);
        RelativePath place = unused(isFolder ? "classes/" : "lib/", entry, used);
        places.add(place);
        if (isFolder) {
          tree.addDirectory(place, entry, HIDDEN);
        } else {
          tree.add(place, entry);
        }
      }
      tree.add(RelativePath.parse(ClassPathFile.NAME), ClassPathFile.write(places, home));
      return tree.build();
    }

    /** Names that are one to some file system are made different. */
    private static RelativePath unused(String folder, Path entry, Set<String> used) {
      Path fileName = entry.getFileName();
      String name =
          fileName == null ? "root" : UNUSUAL.matcher(fileName.toString()).replaceAll("_");
      int dot = folder.equals("lib/") ? name.lastIndexOf('.') : -1;
      String stem = dot < 0 ? name : name.substring(0, dot);
      String ending = dot < 0 ? "" : name.substring(dot);
      String candidate = folder + name;
      for (int i = 2; !used.add(folded(candidate)); i++) {
        candidate = folder + stem + "-" + i + ending;
      }
      return RelativePath.parse(candidate);
    }

    private static String folded(String name) {
      return Normalizer.normalize(name, Normalizer.Form.NFC)
          .toUpperCase(Locale.ROOT)
          .toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Returns the code of a flow method of this program.
   *
   * @param home {@code SHEAVE_HOME}
   * @throws SheaveException {@code UNSUPPORTED}, with what to do, if a run couldn't have it
   */
  static FlowCode of(FlowMethod flow, Path home) {
    Class<?> owner = flow.owner();
    List<Path> entries = ClassPath.of(owner, home);
    Path code = ClassPath.entryOf(owner, home);
    ClassPath.impliedDirectory(System.getProperty("java.class.path", ""))
        .filter(directory -> entries.contains(directory) && !directory.equals(code))
        .ifPresent(
            directory -> {
              throw new SheaveException(
                  Code.INVALID,
                  "The class path has an empty element, such as that before the colon of ':app.jar'."
                      + " It means the working directory, '"
                      + directory
                      + "', and all of it would be uploaded: take the element out, or write '.' if"
                      + " you want that.");
            });
    return new ProgramClassPath(code, entries, home);
  }

  /**
   * Returns the entrypoint of a flow method of this program.
   *
   * @throws SheaveException {@code INVALID} if there are several flows of its name
   */
  static Entrypoint entrypointOf(FlowMethod flow) {
    String name = flow.method().getName();
    FlowMethods.find(flow.owner(), name); // as its runs do
    return new Entrypoint(flow.owner().getName(), name);
  }
}
