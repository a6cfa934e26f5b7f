package dev.sheave.orchestrator.internal.key;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.ApiKeyApi;
import dev.sheave.api.ApiKeyRecord;
import dev.sheave.api.IssuedApiKey;
import dev.sheave.api.KeyScope;
import dev.sheave.block.Secret;
import dev.sheave.orchestrator.internal.database.Database;
import dev.sheave.orchestrator.internal.database.StoreClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys over JDBC. Safe for use by several threads. */
public final class JdbcApiKeyApi implements ApiKeyApi {
  /** A use is noted once in this time, so that reading stays reading. */
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  private final Database database;

  /** Keeps the keys in a database. */
  public JdbcApiKeyApi(Database database) {
    this.database = database;
  }

  @Override
  public IssuedApiKey createKey(String name, KeyScope scope, @Nullable Duration validity) {
    if (name.isBlank()) {
      throw new SheaveException(Code.INVALID, "The name of an API key must not be empty.");
    }
    if (validity != null && (validity.isNegative() || validity.isZero())) {
      throw new SheaveException(Code.INVALID, "An API key must be valid for some time.");
    }
    return database.write(
        handle -> {
          if (ApiKeyTable.list(handle).stream().anyMatch(key -> key.name().equals(name))) {
            throw new SheaveException(
                Code.ALREADY_EXISTS,
                "There is an API key with the name '" + name + "'; roll or revoke it.");
          }
          return ApiKeyTable.create(handle, StoreClock.now(handle), name, scope, validity, null);
        });
  }

  @Override
  public List<ApiKeyRecord> listKeys() {
    return database.read(ApiKeyTable::list);
  }

  @Override
  public void revokeKey(String name) {
    database.change(
        handle -> {
          if (ApiKeyTable.delete(handle, name) == 0) {
            throw missing(name);
          }
        });
  }

  @Override
  public IssuedApiKey rollKey(String name, Duration overlap) {
    if (overlap.isNegative()) {
      throw new SheaveException(
          Code.INVALID, "The time for which the old key stays valid can't be negative.");
    }
    return database.write(
        handle -> {
          List<ApiKeyRecord> old =
              ApiKeyTable.list(handle).stream().filter(key -> key.name().equals(name)).toList();
          if (old.isEmpty()) {
            throw missing(name);
          }
          Instant now = StoreClock.now(handle);
          Instant end = now.plus(overlap);
          for (ApiKeyRecord key : old) {
            if (key.expires() == null || key.expires().isAfter(end)) {
              ApiKeyTable.expire(handle, key.id(), end);
            }
          }
          ApiKeyRecord newest = old.get(old.size() - 1);
          Duration validity =
              newest.expires() == null
                  ? null
                  : Duration.between(newest.created(), newest.expires());
          return ApiKeyTable.create(handle, now, name, newest.scope(), validity, null);
        });
  }

  private static SheaveException missing(String name) {
    return new SheaveException(Code.NOT_FOUND, "There is no API key with the name '" + name + "'.");
  }

  @Override
  public boolean hasKeys() {
    return database.read(handle -> !ApiKeyTable.isEmpty(handle));
  }

  @Override
  public Optional<ApiKeyRecord> useKey(Secret key) {
    if (!ApiKeyText.isWellFormed(key)) {
      return Optional.empty();
    }
    Optional<ApiKeyRecord> found = database.read(handle -> ApiKeyTable.find(handle, key));
    found
        .filter(
            record ->
                record.lastUsed() == null
                    || record.lastUsed().plus(NOTED_EVERY).isBefore(Instant.now()))
        .ifPresent(
            record ->
                database.change(
                    handle -> ApiKeyTable.noteUse(handle, record.id(), StoreClock.now(handle))));
    return found;
  }
}
