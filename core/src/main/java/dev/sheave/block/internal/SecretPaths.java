package dev.sheave.block.internal;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The paths at which values of a type hold secrets and blocks, collected by a walk through the
 * type. A path is {@code field}, {@code record.field}, or {@code field.*} for the elements of a
 * list or a map. Not safe for use by several threads.
 */
public final class SecretPaths {
  private final Set<String> secrets = new LinkedHashSet<>();
  private final Map<String, Set<Class<?>>> blocks = new LinkedHashMap<>();

  /** The records the walk is in, with their paths. */
  private final Deque<Map.Entry<Class<?>, String>> open = new ArrayDeque<>();

  /** Where a record holds a record of its own class again, with the path of the outer one. */
  private final Map<String, String> repetitions = new LinkedHashMap<>();

  SecretPaths() {}

  /** Returns where secrets are. Below a record that holds itself, everything counts as secret. */
  public List<String> secrets() {
    Set<String> all = new LinkedHashSet<>(secrets);
    repetitions.forEach(
        (path, outer) -> {
          if (secrets.stream().anyMatch(secret -> secret.startsWith(outer + "."))) {
            all.add(path + ".*");
          }
        });
    return List.copyOf(all);
  }

  /**
   * Returns the fields that hold blocks, lists or maps of them too, by path without {@code .*},
   * with the classes the blocks may be of.
   */
  public Map<String, List<Class<?>>> blocks() {
    Map<String, List<Class<?>>> found = new LinkedHashMap<>();
    blocks.forEach((path, classes) -> found.put(path, List.copyOf(classes)));
    return Collections.unmodifiableMap(found);
  }

  void addSecret(String path) {
    secrets.add(path);
  }

  void addBlocks(String path, List<Class<?>> classes) {
    blocks.computeIfAbsent(path.replace(".*", ""), first -> new LinkedHashSet<>()).addAll(classes);
  }

  /** Walks through the fields of a record, unless the walk is in it already. */
  void enter(ObjectModel record, String path) {
    for (Map.Entry<Class<?>, String> outer : open) {
      if (outer.getKey() == record.type()) {
        repetitions.put(path, outer.getValue());
        return;
      }
    }
    open.push(Map.entry(record.type(), path));
    fieldsOf(record, path + ".");
    open.pop();
  }

  void fieldsOf(ObjectModel model, String prefix) {
    model.fields().forEach((name, field) -> field.type().findSecretPaths(prefix + name, this));
  }
}
