package dev.sheave.storage.gcs;

import com.google.api.client.googleapis.batch.BatchRequest;
import com.google.api.client.googleapis.batch.json.JsonBatchCallback;
import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.util.DateTime;
import com.google.api.services.storage.Storage;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Objects below a folder of a bucket. Their versions are Google's generations. */
final class GcsObjectStore implements ObjectStore {
  /** Larger objects are sent in parts, each of which is tried again by itself. */
  static final long PARTS_ABOVE_BYTES = 64L * 1024 * 1024;

  private static final int PART_BYTES = 16 * 1024 * 1024;

  /** The most that Google lists at once. */
  private static final int PAGE = 1_000;

  /** The most that one request may delete. */
  private static final int DELETE_BATCH = 100;

  /** A header of each response that has an object's content. */
  private static final String GENERATION = "x-goog-generation";

  private final Storage client;
  private final @Nullable String project;
  private final BucketLocation place;
  private final GcsErrors errors;

  GcsObjectStore(GcsAccount account, BucketLocation place) {
    this.client = GcsClients.of(account);
    this.project = account.project();
    this.place = place;
    this.errors = new GcsErrors(place, account);
  }

  @Override
  public String location() {
    return place.of(RelativePath.ROOT);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.CONDITIONAL_PUT);
  }

  private String key(RelativePath path) {
    return place.folder().resolve(path).toString();
  }

  /** A call of the client. */
  private interface Call<T> {
    T send() throws IOException;
  }

  private <T> T send(RelativePath path, boolean bucketAlone, Call<T> call) {
    if (Thread.currentThread().isInterrupted()) {
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.");
    }
    try {
      return call.send();
    } catch (IOException | RuntimeException e) { // content that ends early among them
      throw errors.translate(path, e, bucketAlone);
    }
  }

  @Override
  public void list(RelativePath prefix, Consumer<StoredObject> sink) {
    list(prefix, "", sink);
  }

  @Override
  public void list(RelativePath prefix, String named, Consumer<StoredObject> sink) {
    String start = key(prefix).isEmpty() ? named : key(prefix) + "/" + named;
    int cut = place.folder().isRoot() ? 0 : place.folder().toString().length() + 1;
    Bounds.pages(
        place.of(prefix),
        token -> {
          Objects page = page(prefix, start, token);
          List<StorageObject> items = page.getItems();
          if (items != null) {
            items.forEach(object -> sink.accept(stored(object, cut)));
          }
          return new Bounds.Page(items == null ? 0 : items.size(), page.getNextPageToken());
        });
  }

  private Objects page(RelativePath prefix, String start, @Nullable String token) {
    return send(
        prefix,
        true,
        () ->
            client
                .objects()
                .list(place.bucket())
                .setPrefix(start)
                .setPageToken(token)
                .setMaxResults((long) PAGE)
                .setFields("nextPageToken,items(name,size,updated,generation)")
                .setUserProject(project)
                .execute());
  }

  private static StoredObject stored(StorageObject object, int cut) {
    BigInteger size = object.getSize();
    DateTime updated = object.getUpdated();
    return new StoredObject(
        object.getName().substring(cut),
        size == null ? 0 : size.longValueExact(),
        updated == null ? null : Instant.ofEpochMilli(updated.getValue()),
        version(object));
  }

  private static @Nullable String version(StorageObject object) {
    return object.getGeneration() == null ? null : object.getGeneration().toString();
  }

  @Override
  public InputStream get(RelativePath path) {
    return send(
        path,
        false,
        () -> {
          Storage.Objects.Get request = client.objects().get(place.bucket(), key(path));
          request.setUserProject(project);
          // as they lie there, even if another tool marked them as compressed
          request.setReturnRawInputStream(true);
          HttpResponse response = request.executeMedia();
          if (response.getHeaders().get(GENERATION) == null) {
            response.disconnect();
            // such as a login page; not an IOException: those are lost connections
            throw new IllegalStateException("the response isn't an object's");
          }
          InputStream content = response.getContent();
          return Bounds.stream(
              content == null ? InputStream.nullInputStream() : content, place.of(path));
        });
  }

  @Override
  public Optional<String> put(RelativePath path, Content content, Condition condition) {
    return send(
        path,
        true,
        () -> {
          Storage.Objects.Insert request =
              client
                  .objects()
                  .insert(
                      place.bucket(),
                      new StorageObject().setName(key(path)),
                      ContentStream.of(content));
          request
              .setIfGenerationMatch(generation(condition))
              .setFields("generation")
              .setUserProject(project)
              .setDisableGZipContent(true);
          request
              .getMediaHttpUploader()
              .setDirectUploadEnabled(content.size() <= PARTS_ABOVE_BYTES)
              .setChunkSize(PART_BYTES);
          return Optional.ofNullable(version(request.execute()));
        });
  }

  private static @Nullable Long generation(Condition condition) {
    if (condition.absent()) {
      return 0L;
    }
    return condition.version() == null ? null : Long.valueOf(condition.version());
  }

  @Override
  public void delete(Collection<RelativePath> paths) {
    List<RelativePath> all = List.copyOf(paths);
    if (all.size() == 1) {
      deleteOne(all.get(0));
      return;
    }
    for (int start = 0; start < all.size(); start += DELETE_BATCH) {
      deleteBatch(all.subList(start, Math.min(start + DELETE_BATCH, all.size())));
    }
  }

  private void deleteOne(RelativePath path) {
    try {
      send(path, false, () -> deletion(path).execute());
    } catch (SheaveException e) {
      if (e.code() != Code.NOT_FOUND) {
        throw e;
      }
    }
  }

  private Storage.Objects.Delete deletion(RelativePath path) throws IOException {
    return client.objects().delete(place.bucket(), key(path)).setUserProject(project);
  }

  private void deleteBatch(List<RelativePath> batch) {
    AtomicReference<@Nullable SheaveException> failure = new AtomicReference<>();
    send(
        batch.get(0),
        true,
        () -> {
          BatchRequest request = client.batch(client.getRequestFactory().getInitializer());
          for (RelativePath path : batch) {
            deletion(path).queue(request, new Deleted(path, failure));
          }
          request.execute();
          return true;
        });
    SheaveException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  /** Keeps the first failure of a batch. */
  private final class Deleted extends JsonBatchCallback<Void> {
    private final RelativePath path;
    private final AtomicReference<@Nullable SheaveException> failure;

    Deleted(RelativePath path, AtomicReference<@Nullable SheaveException> failure) {
      this.path = path;
      this.failure = failure;
    }

    @Override
    public void onSuccess(Void nothing, HttpHeaders headers) {}

    @Override
    public void onFailure(GoogleJsonError error, HttpHeaders headers) {
      if (error.getCode() != 404) {
        failure.compareAndSet(null, errors.notDeleted(path, error));
      }
    }
  }

  @Override
  public void close() {
    // clients are shared
  }
}
