package dev.sheave.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sheave.SheaveException;

/**
 * Writes and reads a file with a block without keys, in a process of its own: what the SDK looks
 * for are environment variables. Prints what it read, or the error's code and message.
 */
final class CredentialsProgram {
  private CredentialsProgram() {}

  /** Arguments: the bucket path, the endpoint, and a profile if there is one. */
  public static void main(String[] arguments) {
    // as in an installation, where the backend's classes are not those of the program
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    S3 storage =
        S3.builder()
            .bucketPath(arguments[0])
            .endpointUrl(arguments[1])
            .profileName(arguments.length > 2 ? arguments[2] : null)
            .build();
    long start = System.nanoTime();
    String result;
    try {
      storage.writePath("greeting", "Hello".getBytes(UTF_8));
      result = new String(storage.readPath("greeting"), UTF_8);
    } catch (SheaveException e) {
      result = e.code() + " " + e.getMessage();
    }
    System.out.println((System.nanoTime() - start) / 1_000_000);
    System.out.println(result);
  }
}
