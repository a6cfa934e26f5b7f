package dev.sheave.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;

/**
 * Reads a file with a block that has no credential but what Azure's SDK finds, in a process of its
 * own: it looks at the environment. Prints how many milliseconds that took, and what was read, or
 * the error's code and message.
 */
final class CredentialsProgram {
  private CredentialsProgram() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    Azure storage =
        Azure.builder()
            .bucketPath("container")
            .endpointUrl("https://" + FakeAzure.ACCOUNT)
            .azureStorageAnon(false)
            .build();
    long start = System.nanoTime();
    String result;
    try {
      result = new String(storage.readPath("greeting"), UTF_8);
    } catch (SheaveException e) {
      result = e.code() + " " + e.getMessage();
    }
    System.out.println((System.nanoTime() - start) / 1_000_000);
    System.out.println(result);
    // a client of the SDK's has threads that would keep the process
    System.exit(0);
  }
}
