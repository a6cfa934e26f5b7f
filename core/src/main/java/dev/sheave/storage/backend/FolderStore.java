package dev.sheave.storage.backend;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Backoff;
import dev.sheave.internal.OwnedTemporary;
import dev.sheave.internal.ProcessIdentity.Fate;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The base class of stores whose objects are files in folders. A backend implements what its
 * protocol can do with one file or folder; this class makes an {@link ObjectStore} of that:
 *
 * <ul>
 *   <li>A put writes a <i>part</i> beside its target, and renames it, so that a file is complete or
 *       not there at all. Parts aren't listed.
 *   <li>The parts of puts that died are removed by the next put or delete after a listing that
 *       found them: at once if their process ran on this machine, else when they are an hour older
 *       than the newest file.
 *   <li>A folder without objects isn't in the way of a file, and goes with its last file. Nothing
 *       that somebody else puts into it meanwhile is lost.
 *   <li>Listings are bounded, and follow no circle of links.
 * </ul>
 *
 * <p>Paths are relative to {@link #location()}. All methods throw {@link SheaveException} as those
 * of {@link ObjectStore} do, and may be called by many threads at once.
 */
public abstract class FolderStore implements ObjectStore {
  /** The start of the names of parts; it is reserved for transfers. */
  public static final String PART_PREFIX = ".sheave-part-";

  /** How long another client may have a file open. A server needs a while to notice a dead one. */
  private static final Duration MAX_HELD = Duration.ofSeconds(10);

  private static final Duration HELD_PAUSE = Duration.ofMillis(100);

  /** What another machine's put left is dead if it is this much older than the newest file. */
  private static final Duration DEAD_AFTER = Duration.ofHours(1);

  /** Somebody else may remove a folder that a delete left empty just when it is needed. */
  private static final int TRIES_TO_WRITE = 3;

  /** Whether each dead part that a listing found is a folder. */
  private final Map<RelativePath, Boolean> dead = new ConcurrentHashMap<>();

  /** For the backend's store. */
  protected FolderStore() {}

  /**
   * A file or folder in a folder.
   *
   * @param name without the folder's; it may be hostile
   * @param folder whether it is a folder
   * @param size bytes
   * @param modified when it was written by the server's clock, if the server says
   * @param version a string that changes whenever the file does, if there is one
   * @param executable whether it is, if the store {@linkplain Feature#EXECUTABLE_BIT keeps} that
   * @param link for a link to a folder, the same name for all links to that folder; else null
   */
  public record Entry(
      String name,
      boolean folder,
      long size,
      @Nullable Instant modified,
      @Nullable String version,
      boolean executable,
      @Nullable String link) {

    /** A file of a store that doesn't keep whether it is executable. */
    public static Entry file(
        String name, long size, @Nullable Instant modified, @Nullable String version) {
      return new Entry(name, false, size, modified, version, false, null);
    }

    /** A folder. */
    public static Entry folder(String name, @Nullable Instant modified) {
      return new Entry(name, true, 0, modified, null, false, null);
    }

    private StoredObject object(String path) {
      return new StoredObject(path, size, modified, version, executable);
    }
  }

  /**
   * Lists a folder, without what is in its folders. One that doesn't exist, or isn't a folder, has
   * no entries.
   *
   * @param sink receives the entries in any order, as they arrive; it sends no request
   */
  protected abstract void entries(RelativePath folder, Consumer<Entry> sink);

  /**
   * Writes a new file. It needn't be atomic.
   *
   * @param key which the part is for, for messages
   * @param part the file
   * @throws SheaveException {@code NOT_FOUND} if its folder doesn't exist
   */
  protected abstract void write(RelativePath key, RelativePath part, Content content);

  /** Creates the folders above a file. Those that exist already aren't an error. */
  protected abstract void makeFolders(RelativePath key);

  /**
   * Renames a part to its target, atomically. An existing file is replaced; a folder that is in the
   * way is {@linkplain #clear cleared} before.
   *
   * @param content what was written
   * @return the version that listings will give, if there is one
   * @throws SheaveException {@code CONFLICT} if another client has the file open, and the server
   *     doesn't replace it therefore: it is tried again for ten seconds
   */
  protected abstract Optional<String> replace(RelativePath part, RelativePath key, Content content);

  /**
   * Deletes a file.
   *
   * @return whether there was one; false for a folder, which stays
   */
  protected abstract boolean deleteFile(RelativePath file);

  /**
   * Deletes a folder.
   *
   * @return false if it doesn't exist, somebody uses it or, if {@link #deletesOnlyEmpty}, something
   *     is in it
   */
  protected abstract boolean deleteFolder(RelativePath folder);

  /**
   * Whether {@link #deleteFolder} leaves alone a folder that isn't empty, without a moment in which
   * something could be lost. If not, folders are renamed before they are deleted.
   */
  protected boolean deletesOnlyEmpty() {
    return true;
  }

  /**
   * Renames a file or folder, if folders aren't {@linkplain #deletesOnlyEmpty deleted only if
   * empty}.
   *
   * @param folder whether it is a folder
   * @return false if it doesn't exist, somebody uses it, or there is something of the new name
   */
  protected boolean rename(RelativePath from, RelativePath to, boolean folder) {
    throw new UnsupportedOperationException("folders are deleted only if they are empty");
  }

  /** A path as people write it. */
  protected String location(RelativePath path) {
    return path.isRoot() ? location() : location() + "/" + path;
  }

  /**
   * Whether a folder that can't be listed is left out.
   *
   * @param place what is listed
   * @param folder in it
   */
  protected boolean isIgnored(RelativePath place, RelativePath folder) {
    return false;
  }

  /** Removes what a dead process left; an error is no obstacle to the put. */
  protected void removeDead(RelativePath part, boolean folder) {
    if (folder) {
      removeUnused(part);
    } else {
      deleteFile(part);
    }
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.FOLDERS);
  }

  @Override
  public final void list(RelativePath prefix, Consumer<StoredObject> sink) {
    Walk walk = new Walk(prefix, sink);
    walk.list(prefix);
    walk.parts.forEach(
        (path, part) -> {
          if (isDead(part, walk.newest)) {
            dead.put(path, part.folder());
          }
        });
  }

  private static boolean isPart(Entry entry) {
    return entry.name().startsWith(PART_PREFIX);
  }

  private static boolean isDead(Entry part, Instant newest) {
    Fate fate = OwnedTemporary.fateOf(part.name(), PART_PREFIX);
    Instant modified = part.modified();
    return fate == Fate.GONE
        || fate == Fate.UNKNOWN && modified != null && modified.plus(DEAD_AFTER).isBefore(newest);
  }

  /** One listing. */
  private final class Walk {
    private final RelativePath place;
    private final Consumer<StoredObject> sink;
    private final Bounds.Entries count;
    private final Map<RelativePath, Entry> parts = new HashMap<>();

    /** The links on the way to the folder that is listed. */
    private final Deque<String> links = new ArrayDeque<>();

    private Instant newest = Instant.MIN;

    Walk(RelativePath place, Consumer<StoredObject> sink) {
      this.place = place;
      this.sink = sink;
      this.count = Bounds.entries(location(place));
    }

    void list(RelativePath folder) {
      List<Entry> folders = new ArrayList<>();
      try {
        entries(folder, entry -> accept(folder, entry, folders));
      } catch (SheaveException e) {
        if (folder.equals(place) || !isIgnored(place, folder)) {
          throw e;
        }
      }
      for (Entry entry : folders) {
        String link = entry.link();
        if (link == null) {
          list(folder.resolve(entry.name()));
        } else if (!links.contains(link)) {
          links.push(link);
          list(folder.resolve(entry.name()));
          links.pop();
        }
      }
    }

    private void accept(RelativePath folder, Entry entry, List<Entry> folders) {
      count.add(entry.name());
      Instant modified = entry.modified();
      newest = modified != null && modified.isAfter(newest) ? modified : newest;
      String path = folder.isRoot() ? entry.name() : folder + "/" + entry.name();
      // a server may say anything: of what can't be a path it is asked nothing
      boolean valid = entry.name().indexOf('/') < 0 && RelativePath.isValid(path);
      if (isPart(entry)) {
        if (valid) {
          parts.put(RelativePath.parse(path), entry);
        }
        return;
      }
      if (entry.folder() && valid) {
        folders.add(entry);
      } else {
        sink.accept(entry.object(path));
      }
    }
  }

  private void removeDead() {
    for (RelativePath path : List.copyOf(dead.keySet())) {
      Boolean folder = dead.remove(path);
      if (folder != null) {
        try {
          removeDead(path, folder);
        } catch (SheaveException e) {
          if (e.code() == Code.INTERRUPTED) {
            throw e;
          }
          // it only takes up space
        }
      }
    }
  }

  @Override
  public final Optional<String> put(RelativePath key, Content content, Condition condition) {
    if (!condition.equals(Condition.NONE)) {
      throw new IllegalArgumentException("conditions are not a feature of this store");
    }
    removeDead();
    for (int tries = 1; ; tries++) {
      try {
        return put(key, content);
      } catch (SheaveException e) {
        if (e.code() != Code.NOT_FOUND || tries == TRIES_TO_WRITE) {
          throw e;
        }
        makeFolders(key);
      }
    }
  }

  private Optional<String> put(RelativePath key, Content content) {
    RelativePath part = temporary(key);
    Counted counted = new Counted(content);
    boolean moved = false;
    try {
      write(key, part, counted);
      counted.requireAll(location(key));
      Optional<String> version = replaceUnlessHeld(part, key, content);
      moved = true;
      return version;
    } finally {
      if (!moved) {
        removeQuietly(part);
      }
    }
  }

  private Optional<String> replaceUnlessHeld(RelativePath part, RelativePath key, Content content) {
    Backoff backoff = new Backoff(HELD_PAUSE, HELD_PAUSE, MAX_HELD);
    while (true) {
      try {
        return replace(part, key, content);
      } catch (SheaveException e) {
        if (e.code() != Code.CONFLICT || !backoff.pause("Waiting for '" + location(key) + "'")) {
          throw e;
        }
      }
    }
  }

  /** A name that listings leave out, beside a file or folder, or above if it would be too long. */
  private static RelativePath temporary(RelativePath path) {
    String name = OwnedTemporary.name(PART_PREFIX);
    RelativePath folder = path.parent();
    while (folder.toString().length() + name.length() >= RelativePath.MAX_LENGTH) {
      folder = folder.parent();
    }
    return folder.resolve(name);
  }

  /** Counts the bytes that are read, to detect a file whose size changes meanwhile. */
  private static final class Counted implements Content {
    private final Content content;
    private long count;

    Counted(Content content) {
      this.content = content;
    }

    @Override
    public long size() {
      return content.size();
    }

    @Override
    public boolean executable() {
      return content.executable();
    }

    @Override
    public InputStream openAt(long offset) {
      count = offset;
      return new FilterInputStream(content.openAt(offset)) {
        @Override
        public int read() throws IOException {
          int b = super.read();
          count += b < 0 ? 0 : 1;
          return b;
        }

        @Override
        public int read(byte[] buffer, int start, int length) throws IOException {
          int n = super.read(buffer, start, length);
          count += Math.max(n, 0);
          return n;
        }
      };
    }

    void requireAll(String location) {
      if (count != size()) {
        throw new SheaveException(
            Code.INVALID,
            "The content of '"
                + location
                + "' has "
                + count
                + " bytes instead of "
                + size()
                + ": upload it again.");
      }
    }
  }

  /** Its own error is ignored: the one that led here is thrown. */
  private void removeQuietly(RelativePath part) {
    boolean interrupted = Thread.interrupted();
    try {
      deleteFile(part);
    } catch (SheaveException e) {
      // listings leave it out
      return;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Removes a folder that is in the place of a file.
   *
   * @throws SheaveException {@code INVALID} if an object is in it
   */
  protected final void clear(RelativePath folder) {
    if (!removeUnused(folder)) {
      throw new SheaveException(
          Code.INVALID,
          "'" + location(folder) + "' already exists and isn't a file: choose another path.");
    }
  }

  /** Removes a folder without objects, with the parts that dead puts left; false if it has some. */
  private boolean removeUnused(RelativePath top) {
    List<RelativePath> folders = new ArrayList<>(List.of(top));
    List<RelativePath> parts = new ArrayList<>();
    Bounds.Entries count = Bounds.entries(location(top));
    boolean[] used = new boolean[1];
    for (int i = 0; i < folders.size() && !used[0]; i++) {
      RelativePath folder = folders.get(i);
      entries(
          folder,
          entry -> {
            count.add(entry.name());
            boolean ours = entry.folder() ? entry.link() == null : isPart(entry);
            if (ours && RelativePath.isValid(folder + "/" + entry.name())) {
              (entry.folder() ? folders : parts).add(folder.resolve(entry.name()));
            } else {
              used[0] = true;
            }
          });
    }
    if (used[0]) {
      return false;
    }
    parts.forEach(this::deleteFile);
    Collections.reverse(folders);
    return folders.stream().allMatch(this::removeIfEmpty);
  }

  @Override
  public final void delete(Collection<RelativePath> keys) {
    removeDead();
    Set<RelativePath> emptied = new TreeSet<>(Comparator.reverseOrder());
    for (RelativePath key : keys) {
      // each put deletes its marker: that isn't worth a listing
      if (deleteFile(key) && (deletesOnlyEmpty() || !IgnoreRules.isReserved(key.toString()))) {
        emptied.add(key.parent());
      }
    }
    for (RelativePath start : emptied) {
      RelativePath folder = start;
      while (!folder.isRoot() && removeIfEmpty(folder)) {
        folder = folder.parent();
      }
    }
  }

  /**
   * Removes a folder if it is empty. If the server would remove it with all that is in it, it is
   * renamed before, when nothing can be added any more: what was added until then is kept.
   */
  private boolean removeIfEmpty(RelativePath folder) {
    if (deletesOnlyEmpty()) {
      return deleteFolder(folder);
    }
    RelativePath aside = temporary(folder);
    if (!isEmpty(folder) || !rename(folder, aside, true)) {
      return false;
    }
    if (!isEmpty(aside)) {
      giveBack(aside, folder);
      return false;
    }
    return deleteFolder(aside);
  }

  private void giveBack(RelativePath aside, RelativePath folder) {
    if (rename(aside, folder, true)) {
      return;
    }
    // somebody needed the folder meanwhile: what is in the new one is newer
    List<Entry> entries = new ArrayList<>();
    entries(aside, entries::add);
    for (Entry entry : entries) {
      if (RelativePath.isValid(folder + "/" + entry.name())) {
        RelativePath from = aside.resolve(entry.name());
        RelativePath to = folder.resolve(entry.name());
        if (entry.folder()) {
          giveBack(from, to);
        } else {
          rename(from, to, false);
        }
      }
    }
    if (isEmpty(aside)) {
      deleteFolder(aside);
    }
  }

  private boolean isEmpty(RelativePath folder) {
    boolean[] found = new boolean[1];
    entries(folder, entry -> found[0] = true);
    return !found[0];
  }
}
