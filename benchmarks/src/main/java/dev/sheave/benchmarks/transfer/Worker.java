package dev.sheave.benchmarks.transfer;

import dev.sheave.block.Secret;
import dev.sheave.storage.s3.S3;
import dev.sheave.storage.transfer.FileTree;
import dev.sheave.storage.transfer.IgnoreRules;
import dev.sheave.storage.transfer.RelativePath;
import dev.sheave.storage.transfer.TransferOptions;
import dev.sheave.storage.transfer.TransferOptions.Layout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.awssdk.transfer.s3.model.CompletedDirectoryDownload;
import software.amazon.awssdk.transfer.s3.model.CompletedDirectoryUpload;

/**
 * A process that moves trees in Java. It reads lines such as {@code put PLACE FOLDER CACHE} or
 * {@code get …}, and answers with the elapsed nanoseconds and the peak heap use so far.
 */
final class Worker {
  private interface Moves {
    void put(String place, Path folder);

    void get(String place, Path folder, Path cache);
  }

  private Worker() {}

  /** Takes lines until there are none. */
  public static void main(String[] arguments) throws IOException {
    Moves moves =
        switch (arguments[0]) {
          case "sheave" -> sheave(Layout.PLAIN, arguments[1]);
          case "sheave-bundle" -> sheave(Layout.BUNDLE, arguments[1]);
          case "transfer-manager" -> transferManager(arguments[1]);
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    AtomicLong peak = watchHeap();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", -1);
      long start = System.nanoTime();
      if (words[0].equals("put")) {
        moves.put(words[1], Path.of(words[2]));
      } else {
        moves.get(words[1], Path.of(words[2]), Path.of(words[3]));
      }
      System.out.println((System.nanoTime() - start) + " " + peak.get());
    }
  }

  /** Looks at the heap every now and then, from a thread that doesn't keep the process. */
  private static AtomicLong watchHeap() {
    AtomicLong peak = new AtomicLong();
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
                peak.accumulateAndGet(used, Math::max);
                LockSupport.parkNanos(5_000_000);
              }
            },
            "heap");
    thread.setDaemon(true);
    thread.start();
    return peak;
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: see bin/services env s3");
    }
    return value;
  }

  private static Moves sheave(Layout layout, String endpoint) {
    S3 storage =
        S3.builder()
            .bucketPath(variable("S3_BUCKET"))
            .endpointUrl(endpoint)
            .awsAccessKeyId(Secret.of(variable("S3_ACCESS_KEY_ID")))
            .awsSecretAccessKey(Secret.of(variable("S3_SECRET_ACCESS_KEY")))
            .build();
    TransferOptions options = TransferOptions.DEFAULTS.withLayout(layout);
    return new Moves() {
      @Override
      public void put(String place, Path folder) {
        storage.putDirectory(
            FileTree.of(folder, IgnoreRules.NONE), RelativePath.of(place), options);
      }

      @Override
      public void get(String place, Path folder, Path cache) {
        storage.getDirectory(RelativePath.of(place), folder, options.withCache(cache));
      }
    };
  }

  private static Moves transferManager(String endpoint) {
    S3TransferManager uploads = manager(endpoint, true);
    // not every server reads single parts of an object
    S3TransferManager downloads = manager(endpoint, false);
    String bucket = variable("S3_BUCKET");
    return new Moves() {
      @Override
      public void put(String place, Path folder) {
        CompletedDirectoryUpload done =
            uploads
                .uploadDirectory(request -> request.source(folder).bucket(bucket).s3Prefix(place))
                .completionFuture()
                .join();
        if (!done.failedTransfers().isEmpty()) {
          throw new IllegalStateException(done.failedTransfers().get(0).exception());
        }
      }

      @Override
      public void get(String place, Path folder, Path cache) {
        CompletedDirectoryDownload done =
            downloads
                .downloadDirectory(
                    request ->
                        request
                            .destination(folder)
                            .bucket(bucket)
                            .listObjectsV2RequestTransformer(list -> list.prefix(place + "/")))
                .completionFuture()
                .join();
        if (!done.failedTransfers().isEmpty()) {
          throw new IllegalStateException(done.failedTransfers().get(0).exception());
        }
      }
    };
  }

  private static S3TransferManager manager(String endpoint, boolean inParts) {
    S3AsyncClient client =
        S3AsyncClient.builder()
            .multipartEnabled(inParts)
            // it asks for connections for all parts at once, and gives up where one is late by 10 s
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .connectionAcquisitionTimeout(Duration.ofMinutes(5)))
            .endpointOverride(URI.create(endpoint))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        variable("S3_ACCESS_KEY_ID"), variable("S3_SECRET_ACCESS_KEY"))))
            .build();
    return S3TransferManager.builder().s3Client(client).build();
  }
}
