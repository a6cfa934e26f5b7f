package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.flow.Entrypoint;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
      IgnoreRules rules =
          ignoreFile == null ? IgnoreRules.in(directory) : IgnoreRules.fromFile(ignoreFile);
      List<RelativePath> inside = new ArrayList<>();
      for (Path file : excluded) {
        Path absolute = file.toAbsolutePath().normalize();
        if (absolute.startsWith(directory.toAbsolutePath().normalize())) {
          inside.add(RelativePath.between(directory, absolute));
        }
      }
      return FileTree.of(directory, rules.excluding(inside));
    }
  }

  /**
   * The code source of a flow's class, a class folder or a jar, and below {@code lib/} the rest of
   * the application's class path, without what ships with Sheave.
   */
  record ClassPath(Path codeSource, List<Path> libraries) implements FlowCode {
    @Override
    public @Nullable Path directory() {
      return null;
    }

    @Override
    public FileTree files() {
      FileTree.Builder tree = FileTree.builder();
      if (Files.isDirectory(codeSource)) {
        tree.addDirectory(RelativePath.ROOT, codeSource, IgnoreRules.NONE);
      } else {
        tree.add(RelativePath.parse(fileName(codeSource)), codeSource);
      }
      Set<String> names = new HashSet<>();
      for (Path library : libraries) {
        String name = unused(fileName(library), names);
        if (Files.isDirectory(library)) {
          tree.addDirectory(RelativePath.parse("lib/" + name), library, IgnoreRules.NONE);
        } else {
          tree.add(RelativePath.parse("lib/" + name), library);
        }
      }
      return tree.build();
    }

    private static String fileName(Path path) {
      Path name = path.getFileName();
      return name == null ? "root" : name.toString();
    }

    private static String unused(String name, Set<String> names) {
      String candidate = name;
      for (int i = 2; !names.add(candidate); i++) {
        int dot = name.lastIndexOf('.');
        candidate =
            dot < 0 ? name + "-" + i : name.substring(0, dot) + "-" + i + name.substring(dot);
      }
      return candidate;
    }
  }

  /** Returns the code of a flow method of this program. */
  static FlowCode of(Method method) {
    Class<?> owner = method.getDeclaringClass();
    CodeSource source = owner.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      throw notFound(owner, null);
    }
    try {
      Path place = Path.of(source.getLocation().toURI()).toAbsolutePath().normalize();
      if (!Files.exists(place)) {
        throw notFound(owner, null);
      }
      return new ClassPath(place, ClassPathEntries.besides(place));
    } catch (URISyntaxException
        | IllegalArgumentException
        | java.nio.file.FileSystemNotFoundException e) {
      throw notFound(owner, e);
    }
  }

  private static SheaveException notFound(Class<?> owner, @Nullable Throwable cause) {
    return new SheaveException(
        Code.UNSUPPORTED,
        "The code of "
            + owner.getName()
            + " isn't in a class folder or a plain jar, so it can't be uploaded; deploy it with"
            + " 'sheave deployment build', or set a source directory and an entrypoint.",
        cause);
  }

  /** Returns the entrypoint of a flow method of this program. */
  static Entrypoint entrypointOf(Method method) {
    return new Entrypoint(method.getDeclaringClass().getName(), method.getName());
  }
}
