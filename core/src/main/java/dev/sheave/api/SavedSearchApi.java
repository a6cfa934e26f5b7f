package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.UUID;

/**
 * Searches that people saved.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface SavedSearchApi {

  /**
   * Saves a search; one that has its name is replaced.
   *
   * @throws SheaveException {@code INVALID} for an empty name
   */
  Created<SavedSearchRecord> saveSearch(String name, List<SavedSearchRecord.Filter> filters);

  /** Reads a search. */
  SavedSearchRecord readSavedSearch(UUID id);

  /** Lists searches by name. */
  List<SavedSearchRecord> listSavedSearches(Page page);

  /** Deletes a search. */
  void deleteSavedSearch(UUID id);
}
