package dev.sheave.block.internal;

import dev.sheave.block.internal.ParameterSchema.BlockPlace;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON schema says about one value, with what it refers to. Immutable.
 *
 * @param json the keywords; those beside a reference over those it leads to
 * @param document where definitions are
 */
record SchemaPart(Map<String, @Nullable Object> json, Map<String, @Nullable Object> document) {
  private static final int MAX_DEPTH = 20;

  /** Reads a part of a document, and follows its references. */
  static SchemaPart of(@Nullable Object part, Map<String, @Nullable Object> document) {
    Map<String, @Nullable Object> resolved = new LinkedHashMap<>(object(part));
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      Object next = resolved.remove("$ref");
      if (next instanceof String reference) {
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        object(object(document.get("definitions")).get(name)).forEach(resolved::putIfAbsent);
      } else if (resolved.get("allOf") instanceof List<?> all && all.size() == 1) {
        resolved.remove("allOf");
        object(all.get(0)).forEach(resolved::putIfAbsent);
      } else {
        break;
      }
    }
    return new SchemaPart(resolved, document);
  }

  /** Another part of the same document. */
  SchemaPart part(@Nullable Object other) {
    return of(other, document);
  }

  @Nullable Object get(String keyword) {
    return json.get(keyword);
  }

  boolean isType(String type) {
    return type.equals(json.get("type"));
  }

  /** Whether the value, all the way down, is secret. */
  boolean isSecret() {
    return Boolean.TRUE.equals(json.get("writeOnly")) || "password".equals(json.get("format"));
  }

  /** Whether a block may stand for the secret. */
  boolean isSecretPlace() {
    return isSecret() && ParameterSchema.SECRET.equals(json.get(ParameterSchema.BLOCK_TYPE));
  }

  /** Returns what a block must be; null where there is to be something else. */
  @Nullable BlockPlace blockPlace() {
    if (isSecret()) {
      return null;
    }
    if (json.get(ParameterSchema.BLOCK_TYPE) instanceof String type) {
      return new BlockPlace(List.of(type), List.of());
    }
    if (json.get(ParameterSchema.BLOCK_CAPABILITIES) instanceof Collection<?> all) {
      return new BlockPlace(List.of(), texts(all));
    }
    List<String> types = new ArrayList<>();
    for (SchemaPart choice : choices()) {
      if (!(choice.get(ParameterSchema.BLOCK_TYPE) instanceof String type) || choice.isSecret()) {
        return null;
      }
      types.add(type);
    }
    return types.isEmpty() ? null : new BlockPlace(types, List.of());
  }

  /** Returns the schemas of which one must hold; empty if there is no choice. */
  List<SchemaPart> choices() {
    List<SchemaPart> choices = new ArrayList<>();
    for (String keyword : List.of("anyOf", "oneOf")) {
      if (json.get(keyword) instanceof Collection<?> all) {
        all.forEach(each -> choices.add(part(each)));
      }
    }
    return choices;
  }

  /** Says what is expected, to end a sentence. */
  String expectation() {
    if (isSecret()) {
      return isType("object") ? "an object" : SecretType.INSTANCE.expectation();
    }
    if (blockPlace() != null) {
      return NestedBlockType.EXPECTATION;
    }
    if (json.get("enum") instanceof Collection<?> allowed) {
      return "one of " + String.join(", ", texts(allowed));
    }
    ValueType scalar = Scalars.ofSchema(json.get("type"), json.get("format"));
    return scalar != null ? scalar.expectation() : isType("array") ? "a list" : "an object";
  }

  static Map<String, @Nullable Object> object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
  }

  static List<String> texts(@Nullable Object value) {
    List<String> texts = new ArrayList<>();
    if (value instanceof Collection<?> all) {
      all.forEach(each -> texts.add(String.valueOf(each)));
    }
    return texts;
  }
}
