package dev.sheave.cli.command;

/** Says in one sentence why a command can't be understood. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  UsageException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
