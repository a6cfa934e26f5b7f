package dev.sheave.storage.gcs;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;

/**
 * Prints what signs a block's requests that has no service account, and how many milliseconds that
 * took; in a process of its own, since Google's library looks at the environment.
 */
final class CredentialsProgram {
  private CredentialsProgram() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    long start = System.nanoTime();
    String signature;
    try {
      GoogleCredentials found = new GcsAccount(null, null, null).credentials();
      signature =
          found == null
              ? "nothing"
              : String.valueOf(found.getRequestMetadata().get("Authorization"));
    } catch (IOException e) {
      signature = "something unusable";
    }
    System.out.println((System.nanoTime() - start) / 1_000_000);
    System.out.println(signature);
  }
}
