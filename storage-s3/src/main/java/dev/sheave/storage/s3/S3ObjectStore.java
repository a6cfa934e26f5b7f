package dev.sheave.storage.s3;

import dev.sheave.storage.backend.BucketLocation;
import dev.sheave.storage.net.AbandonableStream;
import dev.sheave.storage.net.Bounds;
import dev.sheave.storage.transfer.ObjectStore;
import dev.sheave.storage.transfer.RelativePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects below a folder of a bucket. */
final class S3ObjectStore implements ObjectStore {
  /** Larger objects are sent in parts. */
  static final long MULTIPART_ABOVE_BYTES = 64L * 1024 * 1024;

  /** Larger bodies are signed in chunks, while they are sent. */
  static final long WHOLE_SIGNED_BYTES = 8L * 1024 * 1024;

  /** The most that one request may delete. */
  private static final int DELETE_BATCH = 1_000;

  private static final int MAX_KEY_BYTES = 1_024;

  static final String CONTENT_TYPE = "application/octet-stream";

  private final S3Clients.Access access;
  private final S3Client client;
  private final BucketLocation place;
  private final S3Errors errors;

  S3ObjectStore(S3Clients.Settings settings, BucketLocation place) {
    this.access = S3Clients.of(settings);
    this.client = access.client();
    this.place = place;
    this.errors = new S3Errors(place, settings);
  }

  @Override
  public String location() {
    return place.of(RelativePath.ROOT);
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.CONDITIONAL_PUT);
  }

  @Override
  public Optional<String> refusalOf(RelativePath path) {
    int bytes = key(path).getBytes(StandardCharsets.UTF_8).length;
    return bytes > MAX_KEY_BYTES
        ? Optional.of("the key would have " + bytes + " bytes, and S3 allows " + MAX_KEY_BYTES)
        : Optional.empty();
  }

  private String key(RelativePath path) {
    return place.folder().resolve(path).toString();
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
          ListObjectsV2Response page = page(prefix, start, token);
          for (S3Object object : page.contents()) {
            sink.accept(
                new StoredObject(
                    object.key().substring(cut),
                    object.size(),
                    object.lastModified(),
                    object.eTag() == null ? null : unquoted(object.eTag())));
          }
          return new Bounds.Page(
              page.contents().size(),
              Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null);
        });
  }

  private ListObjectsV2Response page(RelativePath prefix, String start, @Nullable String token) {
    ListObjectsV2Response page;
    try {
      // XML can't hold all characters that a key may have; the client decodes them
      page =
          client.listObjectsV2(
              request ->
                  request
                      .bucket(place.bucket())
                      .prefix(start)
                      .continuationToken(token)
                      .encodingType(EncodingType.URL)
                      .overrideConfiguration(S3Clients.within(0, false)));
    } catch (SdkException e) {
      throw errors.translate(prefix, e);
    }
    // the client takes any XML for a listing
    if (page.name() == null) {
      throw errors.notS3(prefix, null);
    }
    return page;
  }

  private static String unquoted(String tag) {
    return tag.replace("\"", "");
  }

  @Override
  public InputStream get(RelativePath path) {
    try {
      ResponseInputStream<GetObjectResponse> response =
          client.getObject(
              request ->
                  request
                      .bucket(place.bucket())
                      .key(key(path))
                      .overrideConfiguration(S3Clients.within(0, false)));
      if (response.response().eTag() == null) {
        response.abort();
        throw errors.notS3(path, null);
      }
      return Bounds.stream(new AbandonableStream(response, response::abort), place.of(path));
    } catch (SdkException e) {
      throw errors.translate(path, e);
    }
  }

  @Override
  public Optional<String> put(RelativePath path, Content content, Condition condition) {
    try {
      String tag =
          content.size() > MULTIPART_ABOVE_BYTES
              ? new S3PartsPut(access, place.bucket(), key(path), content, condition).run(errors)
              : putWhole(path, content, condition);
      if (tag == null) {
        throw errors.notS3(path, null);
      }
      return Optional.of(unquoted(tag));
    } catch (SdkException e) {
      if (!condition.equals(Condition.NONE) && isNotImplemented(e)) {
        // not every server has conditional writes; no put depends on them alone
        return put(path, content, Condition.NONE);
      }
      throw errors.translate(path, e);
    }
  }

  private static boolean isNotImplemented(SdkException e) {
    return e instanceof S3Exception answer
        && answer.statusCode() == HttpURLConnection.HTTP_NOT_IMPLEMENTED;
  }

  private @Nullable String putWhole(RelativePath path, Content content, Condition condition) {
    return client
        .putObject(
            request ->
                request
                    .bucket(place.bucket())
                    .key(key(path))
                    .ifNoneMatch(condition.absent() ? "*" : null)
                    .ifMatch(quoted(condition.version()))
                    .overrideConfiguration(
                        S3Clients.within(content.size(), content.size() > WHOLE_SIGNED_BYTES)),
            body(content, 0, content.size()))
        .eTag();
  }

  static @Nullable String quoted(@Nullable String tag) {
    return tag == null ? null : '"' + tag + '"';
  }

  static RequestBody body(Content content, long offset, long length) {
    ContentStreamProvider streams = () -> new PartStream(content.openAt(offset), length);
    return RequestBody.fromContentProvider(streams, length, CONTENT_TYPE);
  }

  /** Ends after so many bytes. */
  private static final class PartStream extends FilterInputStream {
    private long left;

    PartStream(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = super.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
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
      client.deleteObject(request -> request.bucket(place.bucket()).key(key(path)));
    } catch (SdkException e) {
      throw errors.translate(path, e);
    }
  }

  private void deleteBatch(List<RelativePath> batch) {
    List<ObjectIdentifier> keys =
        batch.stream().map(path -> ObjectIdentifier.builder().key(key(path)).build()).toList();
    DeleteObjectsResponse response;
    try {
      response =
          client.deleteObjects(
              request ->
                  request.bucket(place.bucket()).delete(all -> all.objects(keys).quiet(true)));
    } catch (SdkException e) {
      throw errors.translate(batch.get(0), e);
    }
    for (S3Error error : response.errors()) {
      throw errors.notDeleted(error);
    }
  }

  @Override
  public void close() {
    // clients are shared
  }
}
