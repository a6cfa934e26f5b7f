package dev.sheave.testkit.storage;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * An in-memory store for tests of code that uses stores. It records its requests, and a test can
 * run code before each request: to fail, wait or change objects. It allows hostile names, too.
 *
 * <p>Its clock ticks a second for each write, see also {@link #advance}. Safe for use by several
 * threads.
 */
public final class MemoryObjectStore implements ObjectStore {
  /** How many objects a page of a listing has by default. */
  public static final int DEFAULT_PAGE = 1_000;

  private final SortedMap<String, Stored> objects;
  private final Set<Feature> features;
  private final boolean files;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Consumer<Request> hook = request -> {};
  private final int page;
  private long clock;

  /** The kinds of requests. */
  public enum Operation {
    /** A page of a listing. */
    LIST,
    /** The opening of an object. */
    GET,
    /** The writing of an object. */
    PUT,
    /** The deletion of up to a page of objects. */
    DELETE
  }

  /**
   * A request.
   *
   * @param operation the kind
   * @param path the key, or the prefix of a listing, or the first key of a deletion
   */
  public record Request(Operation operation, RelativePath path) {}

  private static final class Stored {
    private final byte[] content;
    private final Instant modified;
    private final String version;

    Stored(byte[] content, Instant modified, String version) {
      this.content = content;
      this.modified = modified;
      this.version = version;
    }
  }

  /** An empty store. */
  public MemoryObjectStore() {
    this(DEFAULT_PAGE);
  }

  /** An empty store that lists in pages of so many objects. */
  public MemoryObjectStore(int page) {
    this(page, Set.of(Feature.CONDITIONAL_PUT));
  }

  private MemoryObjectStore(int page, Set<Feature> features) {
    this.page = page;
    this.features = features;
    this.files = features.contains(Feature.FOLDERS);
    this.objects = files ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new TreeMap<>();
  }

  /**
   * An empty store whose objects are files of a disk that doesn't distinguish the case of letters:
   * a file can't have the name of a folder, and one that is replaced keeps its old name.
   */
  public static MemoryObjectStore ofFiles() {
    return new MemoryObjectStore(DEFAULT_PAGE, Set.of(Feature.CONDITIONAL_PUT, Feature.FOLDERS));
  }

  /** An empty store whose puts know no conditions. */
  public static MemoryObjectStore withoutConditions() {
    return new MemoryObjectStore(DEFAULT_PAGE, Set.of());
  }

  /**
   * Sets an action that runs before each request in the calling thread; its exception is the
   * answer.
   */
  public void beforeEach(Consumer<Request> other) {
    this.hook = other;
  }

  /** The requests since the last {@link #forgetRequests}. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The requests of one kind since the last {@link #forgetRequests}. */
  public List<RelativePath> requests(Operation operation) {
    return requests.stream()
        .filter(request -> request.operation() == operation)
        .map(Request::path)
        .toList();
  }

  /** Forgets the recorded requests. */
  public void forgetRequests() {
    requests.clear();
  }

  /** Writes an object of any name, as another tool would; no request is counted. */
  public synchronized void write(String name, byte[] content) {
    clock++;
    objects.put(name, new Stored(content, Instant.ofEpochSecond(clock), "v" + clock));
  }

  /** Removes an object, as another tool would; no request is counted. */
  public synchronized void remove(String name) {
    objects.remove(name);
  }

  /** Changes an object's bytes and nothing that a listing shows, as a broken disk would. */
  public synchronized void corrupt(String name, byte[] content) {
    Stored stored = objects.get(name);
    if (stored == null) {
      throw new IllegalArgumentException(name);
    }
    objects.put(name, new Stored(content, stored.modified, stored.version));
  }

  /** Lets time pass on the store's clock. */
  public synchronized void advance(Duration time) {
    clock += time.toSeconds();
  }

  /** The names of all objects, sorted. */
  public synchronized Set<String> names() {
    return Set.copyOf(objects.keySet());
  }

  private void asked(Operation operation, RelativePath path) {
    Request request = new Request(operation, path);
    requests.add(request);
    hook.accept(request);
  }

  @Override
  public String location() {
    return "memory://store";
  }

  @Override
  public Set<Feature> features() {
    return features;
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    list(prefix, "", sink);
  }

  @Override
  public void list(RelativePath prefix, String named, Consumer<StoredObject> sink) {
    asked(Operation.LIST, prefix);
    List<StoredObject> found = find(prefix, named);
    for (int i = 0; i < found.size(); i++) {
      if (i > 0 && i % page == 0) {
        asked(Operation.LIST, prefix);
      }
      sink.accept(found.get(i));
    }
  }

  private synchronized List<StoredObject> find(RelativePath prefix, String named) {
    String start = prefix.isRoot() ? named : prefix + "/" + named;
    return objects.entrySet().stream()
        .filter(object -> object.getKey().regionMatches(files, 0, start, 0, start.length()))
        .map(
            object ->
                new StoredObject(
                    object.getKey(),
                    object.getValue().content.length,
                    object.getValue().modified,
                    object.getValue().version))
        .toList();
  }

  @Override
  public InputStream get(RelativePath key) {
    asked(Operation.GET, key);
    Stored stored;
    synchronized (this) {
      stored = objects.get(key.toString());
    }
    if (stored == null) {
      throw new SheaveException(Code.NOT_FOUND, "'" + location() + "/" + key + "' doesn't exist.");
    }
    return new ByteArrayInputStream(stored.content);
  }

  @Override
  public Optional<String> put(RelativePath key, Content content, Condition condition) {
    asked(Operation.PUT, key);
    byte[] bytes;
    try (InputStream in = content.open()) {
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.length != content.size()) {
      throw new SheaveException(
          Code.INVALID, "'" + location() + "/" + key + "' has " + bytes.length + " bytes.");
    }
    synchronized (this) {
      if (files) {
        requireFree(key);
      }
      Stored before = objects.get(key.toString());
      boolean holds =
          condition.version() == null
              ? !condition.absent() || before == null
              : before != null && before.version.equals(condition.version());
      if (!holds) {
        throw new SheaveException(
            Code.CONFLICT, "'" + location() + "/" + key + "' was changed by another client.");
      }
      write(key.toString(), bytes);
      return Optional.of("v" + clock);
    }
  }

  private void requireFree(RelativePath key) {
    for (RelativePath folder = key.parent(); !folder.isRoot(); folder = folder.parent()) {
      if (objects.containsKey(folder.toString())) {
        throw new SheaveException(Code.INVALID, "'" + folder + "' isn't a folder.");
      }
    }
    if (!find(key, "").isEmpty()) {
      throw new SheaveException(Code.INVALID, "'" + key + "' is a folder.");
    }
  }

  @Override
  public void delete(Collection<RelativePath> keys) {
    List<RelativePath> all = List.copyOf(keys);
    for (int i = 0; i < all.size(); i++) {
      if (i % page == 0) {
        asked(Operation.DELETE, all.get(i));
      }
      remove(all.get(i).toString());
    }
  }

  @Override
  public void close() {}
}
