package dev.sheave.storage.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.RelativePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FolderStoreTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final Disk disk = new Disk();

  /** A disk in memory: the time of each file by its path. */
  private static final class Disk extends FolderStore {
    final Map<String, Instant> files = new TreeMap<>();
    final Deque<Runnable> othersWhenReplaced = new ArrayDeque<>();
    final Deque<Runnable> othersWhenRenamed = new ArrayDeque<>();
    boolean endless;
    boolean deletesAll;

    @Override
    public String location() {
      return "disk://here";
    }

    @Override
    protected void entries(RelativePath folder, Consumer<Entry> sink) {
      String start = folder.isRoot() ? "" : folder + "/";
      if (endless) {
        IntStream.range(0, 100).forEach(i -> sink.accept(Entry.folder("f" + i, NOW)));
        return;
      }
      files.entrySet().stream()
          .filter(file -> file.getKey().startsWith(start))
          .map(
              file -> {
                String name = file.getKey().substring(start.length());
                int slash = name.indexOf('/');
                return slash < 0
                    ? Entry.file(name, 1, file.getValue(), null)
                    : Entry.folder(name.substring(0, slash), null);
              })
          .distinct()
          .forEach(sink);
    }

    @Override
    public InputStream get(RelativePath key) {
      return new ByteArrayInputStream(new byte[1]);
    }

    @Override
    protected void write(RelativePath key, RelativePath part, Content content) {
      try (InputStream in = content.open()) {
        in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      files.put(part.toString(), NOW);
    }

    @Override
    protected void makeFolders(RelativePath key) {}

    @Override
    protected Optional<String> replace(RelativePath part, RelativePath key, Content content) {
      if (!othersWhenReplaced.isEmpty()) {
        othersWhenReplaced.pop().run();
      }
      Instant written = files.remove(part.toString());
      if (written == null) {
        throw new SheaveException(Code.NOT_FOUND, "'" + location(key) + "' doesn't exist.");
      }
      files.put(key.toString(), written);
      return Optional.empty();
    }

    @Override
    protected boolean deleteFile(RelativePath file) {
      return files.remove(file.toString()) != null;
    }

    @Override
    protected boolean deleteFolder(RelativePath folder) {
      return files.keySet().stream().noneMatch(file -> file.startsWith(folder + "/"));
    }

    @Override
    protected boolean deletesOnlyEmpty() {
      return !deletesAll;
    }

    private static boolean isIn(String file, RelativePath place) {
      return RelativePath.of(file).startsWith(place);
    }

    @Override
    protected boolean rename(RelativePath from, RelativePath to, boolean folder) {
      if (!othersWhenRenamed.isEmpty()) {
        othersWhenRenamed.pop().run();
      }
      if (files.keySet().stream().anyMatch(file -> isIn(file, to))) {
        return false;
      }
      for (String file : List.copyOf(files.keySet())) {
        if (isIn(file, from)) {
          files.put(to + file.substring(from.toString().length()), files.remove(file));
        }
      }
      return true;
    }

    @Override
    public void close() {}
  }

  private List<String> list() {
    List<String> names = new ArrayList<>();
    disk.list(RelativePath.ROOT, object -> names.add(object.name()));
    return names;
  }

  private void put(String name) {
    disk.put(RelativePath.of(name), Disk.Content.of(new byte[1]), Disk.Condition.NONE);
  }

  @Test
  void aPartOfAnotherMachineIsRemovedWhenItIsAnHourOlderThanTheNewestFile() {
    String old = ".sheave-part-elsewhere~1~1~" + UUID.randomUUID();
    String fresh = ".sheave-part-elsewhere~2~2~" + UUID.randomUUID();
    disk.files.put("a/" + old, NOW.minus(Duration.ofMinutes(61)));
    disk.files.put("a/" + fresh, NOW.minus(Duration.ofMinutes(59)));
    disk.files.put("b", NOW);

    assertThat(list()).containsExactly("b");
    assertThat(disk.files).hasSize(3);
    put("c");
    assertThat(disk.files).containsOnlyKeys("a/" + fresh, "b", "c");
  }

  @Test
  void aListingWhoseFoldersNeverEndIsGivenUp() {
    disk.endless = true;
    System.setProperty("sheave.transfer.listing-entries", "20000");
    try {
      assertThatThrownBy(this::list)
          .isInstanceOfSatisfying(
              SheaveException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE))
          .hasMessageStartingWith("'disk://here' lists more than 20000 files and folders");
    } finally {
      System.clearProperty("sheave.transfer.listing-entries");
    }
  }

  @Test
  void aPathThatIsAsLongAsAPathCanBeIsPut() {
    String name = ("n".repeat(99) + "/").repeat(10) + "n".repeat(24);
    put(name);

    assertThat(disk.files).containsOnlyKeys(name);
  }

  @Test
  void aFileIsWrittenAgainIfItsFolderWentBeforeItWasRenamed() {
    disk.othersWhenReplaced.add(disk.files::clear);
    put("folder/a");

    assertThat(disk.files).containsOnlyKeys("folder/a");
  }

  @Test
  void whatOthersPutIntoAFolderThatIsRemovedStaysThere() {
    disk.deletesAll = true;
    put("folder/last");
    disk.othersWhenRenamed.add(() -> put("folder/a"));
    disk.delete(List.of(RelativePath.of("folder/last")));
    assertThat(disk.files).containsOnlyKeys("folder/a");

    // and if they need the folder again before it is given back
    disk.othersWhenRenamed.add(
        () -> {
          put("folder/b");
          put("folder/sub/c");
          put("folder/both");
        });
    disk.othersWhenRenamed.add(
        () -> {
          put("folder/d");
          disk.files.put("folder/both", NOW.plusSeconds(1));
        });
    disk.delete(List.of(RelativePath.of("folder/a")));

    assertThat(list())
        .containsExactlyInAnyOrder("folder/b", "folder/both", "folder/d", "folder/sub/c");
    assertThat(disk.files).containsEntry("folder/both", NOW.plusSeconds(1));
  }
}
