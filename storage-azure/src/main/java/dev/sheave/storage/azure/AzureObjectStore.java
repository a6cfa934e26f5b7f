package dev.sheave.storage.azure;

import com.azure.core.http.rest.PagedFlux;
import com.azure.core.http.rest.PagedResponse;
import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlockBlobItem;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlockBlobAsyncClient;
import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Block blobs below a folder of a container. */
final class AzureObjectStore implements ObjectStore {
  /** Larger objects are sent in blocks of {@link #BLOCK_BYTES}. */
  static final long BLOCKS_ABOVE_BYTES = 64L * 1024 * 1024;

  private static final long BLOCK_BYTES = 16L * 1024 * 1024;
  private static final int MAX_BLOCKS = 50_000;
  private static final int BLOCKS_AT_ONCE = 8;

  /** The most that Azure lists at once. */
  private static final int PAGE = 5_000;

  /** Azure deletes one blob a request, and its batches need another client. */
  private static final int DELETES_AT_ONCE = 16;

  /** A slower connection than this, in bytes a second, is taken for a dead one. */
  private static final long SLOWEST = 16 * 1024;

  /** What the HTTP client takes the timeout of a single request from. */
  private static final String RESPONSE_TIMEOUT = "azure-response-timeout";

  /** The name of the metadata that marks a directory. */
  private static final String FOLDER_MARK = "hdi_isfolder";

  private final BlobContainerAsyncClient container;
  private final BucketLocation place;
  private final int page;
  private final AzureErrors errors;

  AzureObjectStore(AzureAccount account, BucketLocation place) {
    this(account, place, PAGE);
  }

  AzureObjectStore(AzureAccount account, BucketLocation place, int page) {
    this.container = AzureClients.of(account).getBlobContainerAsyncClient(place.bucket());
    this.place = place;
    this.page = page;
    this.errors = new AzureErrors(place, account);
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

  private BlobAsyncClient blob(RelativePath path) {
    return container.getBlobAsyncClient(key(path));
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
          PagedResponse<BlobItem> page = page(prefix, start, token);
          if (page == null) {
            return new Bounds.Page(0, null);
          }
          for (BlobItem blob : page.getValue()) {
            if (!isDirectory(blob)) {
              sink.accept(stored(blob, cut));
            }
          }
          return new Bounds.Page(page.getValue().size(), page.getContinuationToken());
        });
  }

  private @Nullable PagedResponse<BlobItem> page(
      RelativePath prefix, String start, @Nullable String next) {
    ListBlobsOptions options =
        new ListBlobsOptions()
            .setPrefix(start)
            .setMaxResultsPerPage(page)
            .setDetails(new BlobListDetails().setRetrieveMetadata(true));
    try {
      PagedFlux<BlobItem> blobs = container.listBlobs(options);
      return (next == null ? blobs.byPage() : blobs.byPage(next)).blockFirst();
    } catch (RuntimeException e) { // whatever the SDK and Reactor throw
      throw errors.translate(prefix, e);
    }
  }

  /**
   * Accounts with a hierarchical namespace, and some tools, list directories as blobs with a mark.
   * The case of letters in the names of metadata doesn't matter.
   */
  private static boolean isDirectory(BlobItem blob) {
    Map<String, String> metadata = blob.getMetadata();
    return metadata != null
        && metadata.entrySet().stream()
            .anyMatch(
                entry ->
                    entry.getKey().equalsIgnoreCase(FOLDER_MARK)
                        && entry.getValue().strip().equalsIgnoreCase("true"));
  }

  private static StoredObject stored(BlobItem blob, int cut) {
    BlobItemProperties properties = blob.getProperties();
    OffsetDateTime modified = properties.getLastModified();
    Long size = properties.getContentLength();
    return new StoredObject(
        blob.getName().substring(cut),
        size == null ? 0 : size,
        modified == null ? null : modified.toInstant(),
        unquoted(properties.getETag()));
  }

  private static @Nullable String unquoted(@Nullable String tag) {
    return tag == null ? null : tag.replace("\"", "");
  }

  @Override
  public InputStream get(RelativePath path) {
    return Bounds.stream(
        BlobStream.of(
            await(path, blob(path).downloadStreamWithResponse(null, null, null, false)).getValue(),
            e -> errors.translate(path, e)),
        place.of(path));
  }

  @Override
  public Optional<String> put(RelativePath path, Content content, Condition condition) {
    BlockBlobItem written =
        content.size() > BLOCKS_ABOVE_BYTES
            ? putInBlocks(path, content, condition)
            : putWhole(path, content, condition);
    return Optional.ofNullable(unquoted(written.getETag()));
  }

  private BlockBlobItem putWhole(RelativePath path, Content content, Condition condition) {
    BlockBlobSimpleUploadOptions options =
        new BlockBlobSimpleUploadOptions(ContentFlux.of(content, 0, content.size()), content.size())
            .setRequestConditions(conditions(condition));
    BlockBlobAsyncClient blob = blob(path).getBlockBlobAsyncClient();
    return await(path, withTimeout(blob.uploadWithResponse(options), content.size())).getValue();
  }

  private BlockBlobItem putInBlocks(RelativePath path, Content content, Condition condition) {
    BlockBlobAsyncClient blob = blob(path).getBlockBlobAsyncClient();
    // of this put alone, or two at once would mix theirs; what is left behind Azure removes
    String put = UUID.randomUUID().toString();
    long blockBytes = BLOCK_BYTES;
    while (content.size() / blockBytes >= MAX_BLOCKS) {
      blockBytes *= 2;
    }
    long bytes = blockBytes;
    List<String> blocks = new ArrayList<>();
    for (long offset = 0; offset < content.size(); offset += bytes) {
      String name = String.format("%s-%05d", put, blocks.size());
      blocks.add(Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.US_ASCII)));
    }
    await(
        path,
        Flux.range(0, blocks.size())
            .flatMap(i -> stage(blob, blocks.get(i), content, i * bytes, bytes), BLOCKS_AT_ONCE)
            .then(Mono.just(true)));
    return await(
            path,
            blob.commitBlockListWithResponse(
                new BlockBlobCommitBlockListOptions(blocks)
                    .setRequestConditions(conditions(condition))))
        .getValue();
  }

  private static Mono<?> stage(
      BlockBlobAsyncClient blob, String block, Content content, long offset, long mostBytes) {
    long bytes = Math.min(mostBytes, content.size() - offset);
    return withTimeout(
        blob.stageBlockWithResponse(
            block, ContentFlux.of(content, offset, bytes), bytes, null, null),
        bytes);
  }

  private static BlobRequestConditions conditions(Condition condition) {
    return new BlobRequestConditions()
        .setIfNoneMatch(condition.absent() ? "*" : null)
        .setIfMatch(condition.version() == null ? null : '"' + condition.version() + '"');
  }

  /** The time until an answer includes the time that the body takes. */
  private static <T> Mono<T> withTimeout(Mono<T> call, long bytes) {
    Duration timeout = AzureClients.TIMEOUT.plusSeconds(bytes / SLOWEST);
    return call.contextWrite(context -> context.put(RESPONSE_TIMEOUT, timeout));
  }

  private <T> T await(RelativePath path, Mono<T> call) {
    try {
      return Objects.requireNonNull(call.block(), "an answer");
    } catch (RuntimeException e) { // whatever the SDK and Reactor throw
      throw errors.translate(path, e);
    }
  }

  @Override
  public void delete(Collection<RelativePath> paths) {
    await(
        RelativePath.ROOT,
        Flux.fromIterable(paths)
            .flatMap(
                path ->
                    blob(path)
                        .deleteIfExists()
                        .onErrorMap(RuntimeException.class, e -> errors.translate(path, e)),
                DELETES_AT_ONCE)
            .then(Mono.just(true)));
  }

  @Override
  public void close() {
    // clients are shared
  }
}
