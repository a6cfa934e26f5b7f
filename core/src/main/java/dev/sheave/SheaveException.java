package dev.sheave;

import dev.sheave.internal.UrlLogin;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exception that Sheave throws when an operation fails: a {@linkplain Code code} that a program
 * can act on, and one sentence for a person that names the block, path or run concerned and what to
 * do about it.
 *
 * <p>Messages never contain a secret; user names and passwords in addresses are masked. HTTP
 * statuses and the exit codes of the command line derive from the code.
 */
public final class SheaveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;
  private final Problem[] problems;

  /** The kinds of failure a caller may want to tell apart. */
  public enum Code {
    /** The named thing doesn't exist. */
    NOT_FOUND,
    /** A thing of that name exists already. */
    ALREADY_EXISTS,
    /** The input is wrong: a value, a name, a malformed file. */
    INVALID,
    /** Credentials are missing or wrong, or don't allow the operation. */
    PERMISSION_DENIED,
    /**
     * The other side doesn't answer, or asks to be left alone for now; the same call may succeed
     * later.
     */
    UNAVAILABLE,
    /** This program can't reach the thing; another may, such as one on the host that has it. */
    OUT_OF_REACH,
    /** The state of things forbids it: changed by someone else, still in use, already finished. */
    CONFLICT,
    /** The operation isn't supported by this block, server or version. */
    UNSUPPORTED,
    /**
     * The calling thread was interrupted; nothing is left half-done that the next call wouldn't
     * mend.
     */
    INTERRUPTED,
    /** Anything else: a defect, or an error of the machine such as a full disk. */
    INTERNAL
  }

  /**
   * One of the things that are wrong with an input.
   *
   * @param path where: {@code field}, {@code field.inner}, {@code list[0]}, {@code map.key}; empty
   *     for the whole
   * @param message one sentence: what, where, what to do
   */
  public record Problem(String path, String message) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Creates a problem. */
    public Problem {
      message = UrlLogin.masked(message);
    }
  }

  /**
   * Creates an exception without a cause.
   *
   * @param code the kind of failure
   * @param message one sentence: what, where, what to do
   */
  public SheaveException(Code code, String message) {
    this(code, message, null);
  }

  /**
   * Creates an exception with the error that led to it.
   *
   * @param code the kind of failure
   * @param message one sentence: what, where, what to do
   * @param cause the vendor's or the JDK's error, if there was one
   */
  public SheaveException(Code code, String message, @Nullable Throwable cause) {
    this(code, message, List.of(), cause);
  }

  /**
   * Creates an exception for an input with several problems.
   *
   * @param code the kind of failure
   * @param message says all of them, or the first ones and how many there are
   * @param problems all of them
   * @param cause the error that led to it, if there was one
   */
  public SheaveException(
      Code code, String message, List<Problem> problems, @Nullable Throwable cause) {
    super(UrlLogin.masked(message), cause);
    this.code = code;
    this.problems = problems.toArray(Problem[]::new);
  }

  /** Returns the kind of failure. */
  public Code code() {
    return code;
  }

  /**
   * Returns what is wrong, all of it, each with its place: for forms, and for programs that show
   * more than the message. A failure of one thing is one problem, with the message.
   */
  public List<Problem> problems() {
    return problems.length == 0 ? List.of(new Problem("", getMessage())) : List.of(problems);
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? code.name() : message;
  }
}
