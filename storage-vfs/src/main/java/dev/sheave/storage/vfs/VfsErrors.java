package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.vfs2.FileNotFoundException;

/** Translates failures of any provider of VFS to messages. */
final class VfsErrors {
  private final RemoteLocation place;
  private final ConnectionErrors connection;

  VfsErrors(RemoteLocation place) {
    this.place = place;
    this.connection = RemoteErrors.connection(place);
  }

  SheaveException translate(RelativePath path, String done, IOException e) {
    SheaveException own = RemoteErrors.own(e);
    if (own != null) {
      return own;
    }
    Optional<SheaveException> unanswered = connection.explain(place.of(path), e);
    if (unanswered.isPresent()) {
      return unanswered.get();
    }
    String start = "'" + place.of(path) + "'";
    String server = place.server();
    if (Causes.has(e, FileNotFoundException.class)) {
      return error(Code.NOT_FOUND, start + " doesn't exist.", e);
    }
    String said = Causes.messages(e).toLowerCase(Locale.ROOT);
    if (said.contains("could not login") || said.contains("authentication failed")) {
      return error(
          Code.PERMISSION_DENIED,
          start + ": " + server + " rejected the login: check username and password.",
          e);
    }
    if (said.contains("permission") || said.contains("not writ") || said.contains("read-only")) {
      return error(
          Code.PERMISSION_DENIED,
          start
              + " can't be "
              + done
              + ": "
              + server
              + " denied access: check the user's permissions.",
          e);
    }
    return error(Code.UNAVAILABLE, start + " can't be " + done + " (" + Causes.root(e) + ").", e);
  }

  private static SheaveException error(Code code, String message, IOException cause) {
    return new SheaveException(code, message, cause);
  }
}
