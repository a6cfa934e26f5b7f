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
import java.util.ArrayList;
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
    boolean endless;

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
      files.put(key.toString(), Optional.ofNullable(files.remove(part.toString())).orElseThrow());
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
}
