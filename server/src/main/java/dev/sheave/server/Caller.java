package dev.sheave.server;

import dev.sheave.api.ApiKeyRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call.
 *
 * @param name the name of its key
 * @param scope what it may do
 * @param run the run whose key it has; null for another
 * @param isRunOver whether that run is over
 */
record Caller(String name, Scope scope, @Nullable UUID run, boolean isRunOver) {
  /** Who has no key. */
  static final Caller NOBODY = new Caller("", Scope.NONE, null, false);

  /** Who has no key, where none is needed. */
  static final Caller ANYBODY = new Caller("", Scope.ADMIN, null, false);

  static Caller of(ApiKeyRecord key) {
    Scope scope =
        switch (key.scope()) {
          case READ -> Scope.READ;
          case RUN -> Scope.RUN;
          case ADMIN -> Scope.ADMIN;
        };
    return new Caller(key.name(), scope, key.flowRunId(), key.isRunOver());
  }

  boolean may(Scope needed) {
    return scope.compareTo(needed) >= 0;
  }
}
