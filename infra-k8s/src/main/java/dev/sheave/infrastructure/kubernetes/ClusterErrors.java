package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes sentences of a cluster's errors. */
final class ClusterErrors {
  private ClusterErrors() {}

  /**
   * Returns the exception for a failure.
   *
   * @param address the API server
   * @param what was asked for, to stand after "to": {@code create the job 'x'}
   */
  static SheaveException of(String address, String what, Throwable failure) {
    Throwable e = failure;
    while ((e instanceof CompletionException || e instanceof ExecutionException)
        && e.getCause() != null) {
      e = e.getCause();
    }
    if (e instanceof SheaveException known) {
      return known;
    }
    if (e instanceof KubernetesClientException refused && refused.getCode() > 0) {
      return refused(address, what, refused.getCode(), message(refused), refused);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return unreachable(address, what, cause);
      }
    }
    return new SheaveException(
        Code.INTERNAL,
        "The cluster at '" + address + "' could not be asked to " + what + ": " + reason(e) + ".",
        e);
  }

  /** Returns the exception for an answer that isn't a success. */
  static SheaveException refused(
      String address, String what, int status, String message, @Nullable Throwable cause) {
    Code code =
        switch (status) {
          case 400, 422 -> Code.INVALID;
          case 401, 403 -> Code.PERMISSION_DENIED;
          case 404 -> Code.NOT_FOUND;
          case 409 -> Code.CONFLICT;
          case 429, 500, 502, 503, 504 -> Code.UNAVAILABLE;
          default -> Code.INTERNAL;
        };
    return new SheaveException(
        code,
        "The cluster at '" + address + "' refuses to " + what + ": " + line(message) + ".",
        cause);
  }

  private static SheaveException unreachable(String address, String what, Throwable e) {
    return new SheaveException(
        Code.UNAVAILABLE,
        "The cluster at '"
            + address
            + "' doesn't respond, so it can't "
            + what
            + " ("
            + reason(e)
            + "); check its address in 'cluster_config' or KUBECONFIG.",
        e);
  }

  private static String message(KubernetesClientException e) {
    Status status = e.getStatus();
    return status == null || status.getMessage() == null
        ? String.valueOf(e.getMessage())
        : status.getMessage();
  }

  /** The innermost reason. */
  static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return line(cause.getMessage() == null ? cause.toString() : cause.getMessage());
  }

  /** Returns a message on one line, to stand in a sentence. */
  static String line(String message) {
    return message.strip().replaceAll("\\s+", " ").replaceAll("[.]$", "");
  }
}
