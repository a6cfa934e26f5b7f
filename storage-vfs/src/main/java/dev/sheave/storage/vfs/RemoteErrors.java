package dev.sheave.storage.vfs;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.storage.net.Causes;
import dev.sheave.storage.net.ConnectionErrors;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** What failures of all protocols have in common. */
final class RemoteErrors {
  private RemoteErrors() {}

  /** Returns the error if it is Sheave's own or an interruption, else null. */
  static @Nullable SheaveException own(Throwable failure) {
    SheaveException own = Causes.find(failure, SheaveException.class);
    if (own != null) {
      return own;
    }
    InterruptedIOException interrupted = Causes.find(failure, InterruptedIOException.class);
    if (Thread.currentThread().isInterrupted()
        || Causes.has(failure, InterruptedException.class)
        || (interrupted != null && !(interrupted instanceof SocketTimeoutException))) {
      // the client may have taken the mark away
      Thread.currentThread().interrupt();
      return new SheaveException(Code.INTERRUPTED, "The transfer was interrupted.", failure);
    }
    return null;
  }

  static ConnectionErrors connection(RemoteLocation place) {
    return new ConnectionErrors(place.server(), "the host '" + place.host() + "'", "basepath")
        .trusting("ca_certificates");
  }
}
