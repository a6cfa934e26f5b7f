package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.model.Bind;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.FieldChecks;
import dev.sheave.infrastructure.Mounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is mounted in a container: volumes and directories, and file systems in memory. */
final class Volumes {
  /** The options of a volume; of each line one may be set. */
  private static final List<Set<String>> OPTIONS =
      List.of(
          Set.of("ro", "rw"),
          Set.of("z", "Z"),
          Set.of("nocopy"),
          Set.of("cached", "delegated", "consistent"),
          Set.of("shared", "slave", "private", "rshared", "rslave", "rprivate"));

  /** What Sheave's own image writes to, as it is there: its user's, and with programs. */
  private static final List<String> WRITTEN =
      List.of("/tmp:exec", "/home/sheave/run:exec,uid=1000", "/home/sheave/.sheave:exec,uid=1000");

  private Volumes() {}

  /** Checks the fields of a block. */
  static void check(DockerContainer block, FieldChecks checks) {
    Mounts mounts = new Mounts();
    // the key's file is copied before they are there
    block
        .volumes()
        .forEach(
            each -> checks.check("volumes", () -> mounts.add("volumes", target(each), each, true)));
    block
        .tmpfs()
        .forEach(each -> checks.check("tmpfs", () -> mounts.add("tmpfs", path(each), each, true)));
  }

  /** Reads an element of the field of that name. */
  static Bind bind(String volume) {
    try {
      Bind bind = Bind.parse(volume);
      checkOptions(volume);
      return bind;
    } catch (IllegalArgumentException e) {
      throw invalid(
          "'volumes' must be like 'SOURCE:PATH' or 'SOURCE:PATH:ro', not '" + volume + "'.", e);
    }
  }

  private static void checkOptions(String volume) {
    String[] parts = volume.split(":", 3);
    if (parts.length < 3) {
      return;
    }
    List<String> options = List.of(parts[2].split(",", -1));
    for (String option : options) {
      if (OPTIONS.stream().noneMatch(each -> each.contains(option))) {
        throw invalid(
            "'volumes' has no option '"
                + option
                + "', as in '"
                + volume
                + "'; the options are: "
                + OPTIONS.stream().flatMap(Set::stream).sorted().collect(Collectors.joining(", "))
                + ".",
            null);
      }
    }
    for (Set<String> each : OPTIONS) {
      List<String> chosen = options.stream().filter(each::contains).toList();
      if (chosen.size() > 1) {
        throw invalid(
            "'volumes' can't have both the options '"
                + chosen.get(0)
                + "' and '"
                + chosen.get(1)
                + "', as in '"
                + volume
                + "'.",
            null);
      }
    }
  }

  /** Where a volume is mounted. */
  private static String target(String volume) {
    return bind(volume).getVolume().getPath();
  }

  /** Where a file system in memory is mounted. */
  private static String path(String tmpfs) {
    if (!tmpfs.startsWith("/")) {
      throw invalid("'tmpfs' must be like '/PATH' or '/PATH:OPTIONS', not '" + tmpfs + "'.", null);
    }
    return Mounts.clean(tmpfs.split(":", 2)[0]);
  }

  private static String options(String tmpfs) {
    int colon = tmpfs.indexOf(':');
    return colon < 0 ? "" : tmpfs.substring(colon + 1);
  }

  private static SheaveException invalid(String sentence, @Nullable Throwable cause) {
    return new SheaveException(Code.INVALID, sentence, cause);
  }

  /**
   * Returns the options of file systems in memory by path: those of the block, and with a file
   * system that is read-only those that Sheave's own image needs.
   */
  static Map<String, String> tmpfs(DockerContainer block) {
    Map<String, String> all = new LinkedHashMap<>();
    block.tmpfs().forEach(each -> all.put(path(each), options(each)));
    if (block.readOnly() && block.image() == null) {
      Set<String> mounted =
          block.volumes().stream()
              .map(each -> Mounts.clean(target(each)))
              .collect(Collectors.toSet());
      WRITTEN.stream()
          .filter(each -> !mounted.contains(path(each)))
          .forEach(each -> all.putIfAbsent(path(each), options(each)));
    }
    return all;
  }
}
