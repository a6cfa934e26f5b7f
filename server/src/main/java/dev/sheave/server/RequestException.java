package dev.sheave.server;

import java.util.Map;

/** Ends the handling of a request with an answer that says what is wrong with it. */
final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Reply reply;

  RequestException(Reply reply) {
    super(null, null, false, false);
    this.reply = reply;
  }

  /** An error that is told in one sentence. */
  RequestException(int status, String sentence) {
    this(Reply.error(status, sentence));
  }

  /** What is wrong, in a sentence. */
  String sentence() {
    return reply.body() instanceof Map<?, ?> body ? String.valueOf(body.get("detail")) : "";
  }

  Reply reply() {
    return reply;
  }
}
