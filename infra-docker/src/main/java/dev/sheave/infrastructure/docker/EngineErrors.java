package dev.sheave.infrastructure.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.github.dockerjava.api.exception.DockerException;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.backend.JsonText;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes sentences of an engine's errors. */
final class EngineErrors {
  /** A name that is taken, or a container that isn't running, in Podman's words. */
  private static final Pattern CONFLICT_OF_PODMAN =
      Pattern.compile("is already in use|container state improper");

  private EngineErrors() {}

  /**
   * Returns the exception for a failure.
   *
   * @param what was asked for, to stand after "to": {@code create the container 'x'}
   */
  static SheaveException of(DockerHost host, String what, RuntimeException e) {
    if (e instanceof SheaveException known) {
      return known;
    }
    if (e instanceof DockerException refused) {
      return refused(host, what, refused.getHttpStatus(), message(refused.getMessage()), e);
    }
    @Nullable Throwable cause = e;
    while (cause != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    if (cause instanceof JsonProcessingException unread && !endsEarly(unread)) {
      return new SheaveException(
          Code.INTERNAL,
          "Docker at '"
              + host
              + "' was asked to "
              + what
              + ", and its answer can't be read: "
              + line(unread.getOriginalMessage())
              + ".",
          e);
    }
    return cause instanceof IOException unreachable
        ? unreachable(host, unreachable)
        : new SheaveException(
            Code.INTERNAL,
            "Docker at '" + host + "' could not be asked to " + what + ": " + e + ".",
            e);
  }

  /** An engine that is stopped leaves half an answer. */
  private static boolean endsEarly(JsonProcessingException e) {
    return e instanceof JsonEOFException || e.getCause() instanceof JsonEOFException;
  }

  /** Returns the exception for an answer that isn't a success. */
  static SheaveException refused(
      DockerHost host, String what, int status, String message, @Nullable Throwable cause) {
    Code code =
        switch (status) {
          case 400 -> Code.INVALID;
          case 401, 403 -> Code.PERMISSION_DENIED;
          case 404 -> Code.NOT_FOUND;
          case 409 -> Code.CONFLICT;
          case 500 -> CONFLICT_OF_PODMAN.matcher(message).find() ? Code.CONFLICT : Code.INTERNAL;
          case 429, 502, 503, 504 -> Code.UNAVAILABLE;
          default -> Code.INTERNAL;
        };
    return new SheaveException(
        code, "Docker at '" + host + "' refuses to " + what + ": " + line(message) + ".", cause);
  }

  /** Returns the exception for an engine that doesn't respond. */
  static SheaveException unreachable(DockerHost host, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (reason.contains("Permission denied")) {
      return new SheaveException(
          Code.PERMISSION_DENIED,
          "The Docker engine at '"
              + host
              + "' can't be used by this user; add the user to the group of the socket, 'docker'.",
          e);
    }
    return new SheaveException(
        Code.UNAVAILABLE,
        "The Docker engine at '"
            + host
            + "' doesn't respond ("
            + line(reason)
            + "); start it, or set DOCKER_HOST or 'docker_host'.",
        e);
  }

  /** Returns the message in an answer: {@code Status 404: {"message":"…"}}, or its JSON alone. */
  static String message(@Nullable String text) {
    String all = String.valueOf(text).strip();
    int brace = all.indexOf('{');
    if (brace >= 0) {
      try {
        Object message =
            JsonText.parseObject(all.substring(brace), "the engine's answer").get("message");
        if (message instanceof String sentence && !sentence.isBlank()) {
          return sentence;
        }
      } catch (SheaveException e) {
        // the text as it is
      }
    }
    return all;
  }

  /** Returns a message on one line, to stand in a sentence. */
  static String line(String message) {
    return message.strip().replaceAll("\\s+", " ").replaceAll("[.]$", "");
  }
}
