package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Concurrency limits of task runs, by tag.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface ConcurrencyLimitApi {

  /**
   * Sets the limit of a tag. Task runs that hold a slot keep it.
   *
   * @throws SheaveException {@code INVALID} for an empty tag or a negative limit
   */
  Created<ConcurrencyLimitRecord> setConcurrencyLimit(String tag, int limit);

  /** Reads a limit by id. */
  ConcurrencyLimitRecord readConcurrencyLimit(UUID id);

  /** Finds the limit of a tag. */
  Optional<ConcurrencyLimitRecord> findConcurrencyLimit(String tag);

  /** Lists limits by tag. */
  List<ConcurrencyLimitRecord> listConcurrencyLimits(Page page);

  /** Deletes a limit. */
  void deleteConcurrencyLimit(UUID id);

  /**
   * Replaces the holders of a limit's slots, for those that died without a word.
   *
   * @param slots the task runs that hold one; null for none
   * @throws SheaveException {@code NOT_FOUND} if one of them doesn't exist
   */
  void resetConcurrencyLimit(UUID id, @Nullable List<UUID> slots);
}
