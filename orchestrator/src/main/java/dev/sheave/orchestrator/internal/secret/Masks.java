package dev.sheave.orchestrator.internal.secret;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import dev.sheave.orchestrator.internal.secret.SecretFields.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts masks in the place of secrets, and secrets back into the place of masks. Keys, the number of
 * elements, empty maps and lists, and null are shown; every other value in a secret place is a
 * mask, whatever its type and length.
 */
public final class Masks {
  /** The field of a nested block that says what type it is. */
  private static final String SLUG = "block_type_slug";

  private final Function<String, List<SecretFields>> ofType;
  private final Map<String, List<SecretFields>> known = new HashMap<>();

  /**
   * Makes masks.
   *
   * @param ofType where blocks of a type, named by its slug, have secrets by any of its schemas. A
   *     program that rewrites a document under an older schema keeps fields that only a newer one
   *     knows, and they stay secret.
   */
  public Masks(Function<String, List<SecretFields>> ofType) {
    this.ofType = ofType;
  }

  /** Returns the values of a document of a type with masks in place of secrets. */
  public Map<String, @Nullable Object> hide(Map<String, @Nullable Object> data, String slug) {
    return hideObject(data, placeOf(slug));
  }

  private Map<String, @Nullable Object> hideObject(
      Map<String, @Nullable Object> data, Place place) {
    Place here = withTypeOf(data, place);
    Map<String, @Nullable Object> hidden = new LinkedHashMap<>();
    data.forEach((key, value) -> hidden.put(key, hide(value, key, here)));
    return hidden;
  }

  private @Nullable Object hide(@Nullable Object value, String key, Place parent) {
    // the type of a block isn't a secret, and readers need it
    return key.equals(SLUG) && value instanceof String ? value : hide(value, parent.field(key));
  }

  private @Nullable Object hide(@Nullable Object value, Place place) {
    if (value instanceof Map<?, ?> map) {
      return hideObject(Json.asObject(map), place);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> hidden = new ArrayList<>(list.size());
      Place element = place.element();
      for (Object each : list) {
        hidden.add(hide(each, element));
      }
      return hidden;
    }
    return value != null && place.hidesValue() ? Secret.MASK : value;
  }

  /**
   * Returns submitted values with what is stored in place of masks.
   *
   * @param submitted the values, some of which may be masks that were read before
   * @param stored the values in clear as they are now; empty for a new document
   * @param slug the document's type
   * @throws SheaveException {@code INVALID} for a mask that stands for nothing
   */
  public Map<String, @Nullable Object> restore(
      Map<String, @Nullable Object> submitted, Map<String, @Nullable Object> stored, String slug) {
    return restoreObject(submitted, stored, placeOf(slug), "");
  }

  private Map<String, @Nullable Object> restoreObject(
      Map<String, @Nullable Object> submitted, @Nullable Object stored, Place place, String path) {
    Place here = withTypeOf(submitted, place);
    Map<?, ?> before = stored instanceof Map<?, ?> map ? map : Map.of();
    Map<String, @Nullable Object> restored = new LinkedHashMap<>();
    submitted.forEach(
        (key, value) ->
            restored.put(
                key,
                restore(
                    value,
                    before.get(key),
                    here.field(key),
                    path.isEmpty() ? key : path + "." + key)));
    return restored;
  }

  private @Nullable Object restore(
      @Nullable Object submitted, @Nullable Object stored, Place place, String path) {
    if (submitted instanceof Map<?, ?> map) {
      return restoreObject(Json.asObject(map), stored, place, path);
    }
    if (submitted instanceof List<?> list) {
      return restoreList(list, stored instanceof List<?> before ? before : List.of(), place, path);
    }
    if (submitted instanceof String text && Secret.isMask(text) && place.hidesValue()) {
      if (stored == null) {
        throw new SheaveException(
            Code.INVALID,
            "The field '"
                + path
                + "' holds a mask, but no secret is stored there; set the secret itself, or null.");
      }
      return stored;
    }
    return submitted;
  }

  private List<@Nullable Object> restoreList(
      List<?> submitted, List<?> stored, Place place, String path) {
    Place element = place.element();
    List<@Nullable Object> restored = new ArrayList<>(submitted.size());
    for (int i = 0; i < submitted.size(); i++) {
      restored.add(
          restore(
              submitted.get(i),
              i < stored.size() ? stored.get(i) : null,
              element,
              path + "[" + i + "]"));
    }
    // nobody can tell which elements the masks of a shorter list stand for
    if (submitted.size() < stored.size() && !Objects.equals(submitted, restored)) {
      throw new SheaveException(
          Code.INVALID,
          "The list '"
              + path
              + "' has "
              + submitted.size()
              + " elements and "
              + stored.size()
              + " are stored, so its masks can't be matched to the stored secrets; set the"
              + " secrets themselves.");
    }
    return restored;
  }

  private Place placeOf(String slug) {
    return Place.NOWHERE.and(secretsOf(slug));
  }

  /** A block that is written out in a field says its type itself, for fields that may hold any. */
  private Place withTypeOf(Map<String, @Nullable Object> data, Place place) {
    return data.get(SLUG) instanceof String slug ? place.and(secretsOf(slug)) : place;
  }

  private List<SecretFields> secretsOf(String slug) {
    return known.computeIfAbsent(slug, ofType);
  }
}
