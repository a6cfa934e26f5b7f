package dev.sheave.storage.s3;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.transfer.ObjectStore.Condition;
import dev.sheave.storage.transfer.ObjectStore.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Puts a large object in parts, several at once; the object appears as a whole or not at all. */
final class S3PartsPut {
  /** Doubled for objects that would have more than S3's 10,000 parts. */
  static final long PART_BYTES = 16L * 1024 * 1024;

  private static final int MAX_PARTS = 10_000;

  private final S3Client client;
  private final Executor threads;
  private final String bucket;
  private final String key;
  private final Content content;
  private final Condition condition;

  S3PartsPut(
      S3Clients.Access access, String bucket, String key, Content content, Condition condition) {
    this.client = access.client();
    this.threads = access.parts();
    this.bucket = bucket;
    this.key = key;
    this.content = content;
    this.condition = condition;
  }

  /**
   * Puts.
   *
   * @param ignored logs an error of the cleanup
   * @return the object's tag
   */
  @Nullable String run(S3Errors ignored) {
    String upload =
        client
            .createMultipartUpload(
                request -> request.bucket(bucket).key(key).contentType(S3ObjectStore.CONTENT_TYPE))
            .uploadId();
    boolean complete = false;
    List<FutureTask<CompletedPart>> sendings = sendings(upload);
    try {
      sendings.forEach(threads::execute);
      List<CompletedPart> parts = new ArrayList<>();
      for (FutureTask<CompletedPart> sending : sendings) {
        parts.add(await(sending));
      }
      String tag = complete(upload, parts);
      complete = true;
      return tag;
    } finally {
      if (!complete) {
        sendings.forEach(sending -> sending.cancel(true));
        abort(upload, ignored);
      }
    }
  }

  private List<FutureTask<CompletedPart>> sendings(String upload) {
    long partBytes = PART_BYTES;
    while (content.size() / partBytes >= MAX_PARTS) {
      partBytes *= 2;
    }
    List<FutureTask<CompletedPart>> sendings = new ArrayList<>();
    for (long offset = 0; offset < content.size(); offset += partBytes) {
      int number = sendings.size() + 1;
      long start = offset;
      long length = Math.min(partBytes, content.size() - offset);
      sendings.add(new FutureTask<>(() -> send(upload, number, start, length)));
    }
    return sendings;
  }

  private CompletedPart send(String upload, int number, long offset, long length) {
    String tag =
        client
            .uploadPart(
                request -> request.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                S3ObjectStore.body(content, offset, length))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private static CompletedPart await(FutureTask<CompletedPart> sending) {
    try {
      return sending.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      } else if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e);
    }
  }

  private @Nullable String complete(String upload, List<CompletedPart> parts) {
    return client
        .completeMultipartUpload(
            request ->
                request
                    .bucket(bucket)
                    .key(key)
                    .uploadId(upload)
                    .ifNoneMatch(condition.absent() ? "*" : null)
                    .ifMatch(S3ObjectStore.quoted(condition.version()))
                    .multipartUpload(all -> all.parts(parts)))
        .eTag();
  }

  /** Removes the parts, which cost money. Its own error is only logged. */
  private void abort(String upload, S3Errors ignored) {
    boolean interrupted = Thread.interrupted();
    try {
      client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
    } catch (SdkException e) {
      ignored.ignored("abort an upload in parts", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
