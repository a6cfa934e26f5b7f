package dev.sheave.api.http;

import dev.sheave.SheaveException.Code;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request of the protocol. Immutable.
 *
 * @param method the HTTP method
 * @param path below {@code /api}, encoded, with its query
 * @param body a JSON value; null for none
 * @param isRepeatable whether it may be sent again if it isn't known what became of it
 * @param what names what it is about, in case that it doesn't exist: {@code The flow run 'id'}
 * @param conflict what the status 409 says
 * @param integrity what the reference's 409 says if it is that of its database, for a name that is
 *     taken as well as for a record that is missing
 */
record Call(
    String method,
    String path,
    @Nullable Object body,
    boolean isRepeatable,
    String what,
    Code conflict,
    Code integrity) {

  Call(
      String method,
      String path,
      @Nullable Object body,
      boolean isRepeatable,
      String what,
      Code conflict) {
    this(method, path, body, isRepeatable, what, conflict, Code.CONFLICT);
  }

  static Call get(String path, String what) {
    return new Call("GET", path, null, true, what, Code.CONFLICT);
  }

  /** A question that needs a body. */
  static Call query(String path, Object body) {
    return new Call("POST", path, body, true, "What is asked for", Code.CONFLICT);
  }

  /** Creates a thing whose name or key may be taken. */
  static Call create(String path, Object body) {
    return new Call("POST", path, body, false, "What it belongs to", Code.ALREADY_EXISTS);
  }

  static Call patch(String path, Object body, String what) {
    return new Call("PATCH", path, body, true, what, Code.CONFLICT);
  }

  static Call delete(String path, String what) {
    return new Call("DELETE", path, null, true, what, Code.CONFLICT);
  }

  /** This call, which finds what it has made already if it is sent again. */
  Call repeatable(boolean isSo) {
    return new Call(method, path, body, isSo, what, conflict, integrity);
  }

  Call about(String subject) {
    return new Call(method, path, body, isRepeatable, subject, conflict, integrity);
  }

  /** Whether a name in its path is empty, as nothing is named; its path would be another one. */
  boolean hasEmptyPart() {
    return path.matches("[^?]*/(/.*|\\?.*|$)");
  }

  Call conflicting(Code code) {
    return new Call(method, path, body, isRepeatable, what, code, integrity);
  }

  /** This call, which the database of the reference refuses for one reason alone. */
  Call integrity(Code code) {
    return new Call(method, path, body, isRepeatable, what, conflict, code);
  }

  /** Names a record by its id. */
  static String named(String kind, UUID id) {
    return "The " + kind + " '" + id + "'";
  }

  /** Names a record by its name. */
  static String named(String kind, String name) {
    return "The " + kind + " '" + name + "'";
  }

  /** Encodes a part of a path, or a value of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
