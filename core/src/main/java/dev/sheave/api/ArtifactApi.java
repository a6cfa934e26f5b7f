package dev.sheave.api;

import dev.sheave.SheaveException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts: what runs made for people to see.
 *
 * <p>An unknown id throws {@link SheaveException.Code#NOT_FOUND}. Safe for use by several threads.
 */
public interface ArtifactApi {

  /**
   * Creates an artifact.
   *
   * @throws SheaveException {@code INVALID} for a key with other characters than lower-case
   *     letters, digits and hyphens; {@code NOT_FOUND} if its run doesn't exist
   */
  ArtifactRecord createArtifact(NewArtifact artifact);

  /** Reads an artifact by id. */
  ArtifactRecord readArtifact(UUID id);

  /** Finds the newest artifact of a key. */
  Optional<ArtifactRecord> findLatestArtifact(String key);

  /**
   * Lists artifacts.
   *
   * @param records what the runs that made them match
   * @param onlyLatest whether only the newest of each key is listed, and none without a key
   */
  List<ArtifactRecord> listArtifacts(
      ArtifactFilter filter,
      RecordFilter records,
      boolean onlyLatest,
      ArtifactSort sort,
      Page page);

  /** Counts artifacts, see {@link #listArtifacts}. */
  int countArtifacts(ArtifactFilter filter, RecordFilter records, boolean onlyLatest);

  /** Changes an artifact. */
  void updateArtifact(UUID id, ArtifactUpdate update);

  /** Deletes an artifact. */
  void deleteArtifact(UUID id);

  /** The order in which artifacts are listed. Those without a key come first in that of keys. */
  enum ArtifactSort {
    /** The most recently created first. */
    CREATED_DESC,
    /** The most recently changed first. */
    UPDATED_DESC,
    /** By id, the last first. */
    ID_DESC,
    /** By key, the last first. */
    KEY_DESC,
    /** By key. */
    KEY_ASC
  }

  /**
   * Changes to an artifact.
   *
   * @param data its content
   * @param description its description
   * @param metadata further values
   */
  record ArtifactUpdate(
      Change<Object> data,
      Change<String> description,
      Change<Map<String, @Nullable Object>> metadata) {}
}
