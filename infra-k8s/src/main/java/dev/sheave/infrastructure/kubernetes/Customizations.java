package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes to a manifest: by JSON patch (RFC 6902), where parents that are missing are made; by
 * merge (RFC 7386); and by strategic merge, which merges elements of lists by their keys, as {@code
 * kubectl patch} does.
 */
final class Customizations {
  /** The key of elements, by the name of the list; other lists are replaced. */
  private static final Map<String, String> MERGE_KEYS =
      Map.ofEntries(
          Map.entry("containers", "name"),
          Map.entry("initContainers", "name"),
          Map.entry("volumes", "name"),
          Map.entry("env", "name"),
          Map.entry("imagePullSecrets", "name"),
          Map.entry("resourceClaims", "name"),
          Map.entry("volumeMounts", "mountPath"),
          Map.entry("volumeDevices", "devicePath"),
          Map.entry("ports", "containerPort"),
          Map.entry("hostAliases", "ip"),
          Map.entry("topologySpreadConstraints", "topologyKey"));

  private static final String DIRECTIVE = "$patch";
  private static final String END = "-";

  private Customizations() {}

  /**
   * Returns a changed copy.
   *
   * @param changes a list of operations, {@code {"merge": …}} and {@code {"strategic": …}}; or an
   *     object to merge strategically
   * @throws SheaveException {@code INVALID} if one can't be applied
   */
  static Map<String, @Nullable Object> apply(
      Map<String, @Nullable Object> manifest, Object changes) {
    Map<String, @Nullable Object> result = Manifests.copy(manifest);
    if (changes instanceof Map<?, ?> patch) {
      mergeStrategically(result, Manifests.copy(patch));
      return result;
    }
    if (!(changes instanceof List<?> list)) {
      throw invalid("'customizations' must be a list or an object.");
    }
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> change)) {
        throw invalid("'customizations' must be a list of objects.");
      }
      if (change.get("op") instanceof String operation) {
        new Operation(result, operation, change).apply();
      } else if (change.size() == 1 && change.get("merge") instanceof Map<?, ?> patch) {
        merge(result, Manifests.copy(patch));
      } else if (change.size() == 1 && change.get("strategic") instanceof Map<?, ?> patch) {
        mergeStrategically(result, Manifests.copy(patch));
      } else {
        throw invalid(
            "Each element of 'customizations' must have an 'op', or 'merge' or 'strategic' alone.");
      }
    }
    return result;
  }

  private static SheaveException invalid(String sentence) {
    return new SheaveException(Code.INVALID, sentence);
  }

  private static void merge(
      Map<String, @Nullable Object> target, Map<String, @Nullable Object> patch) {
    patch.forEach(
        (key, value) -> {
          if (value == null) {
            target.remove(key);
          } else if (value instanceof Map<?, ?> inner) {
            if (!(target.get(key) instanceof Map)) {
              target.remove(key);
            }
            merge(Manifests.object(target, key), Manifests.copy(inner));
          } else {
            target.put(key, value);
          }
        });
  }

  private static void mergeStrategically(
      Map<String, @Nullable Object> target, Map<String, @Nullable Object> patch) {
    Object directive = patch.remove(DIRECTIVE);
    if ("replace".equals(directive) || "delete".equals(directive)) {
      target.clear();
    }
    patch.forEach(
        (key, value) -> {
          String mergeKey = MERGE_KEYS.get(key);
          if (value == null) {
            target.remove(key);
          } else if (value instanceof Map<?, ?> inner) {
            if (!(target.get(key) instanceof Map)) {
              target.remove(key);
            }
            mergeStrategically(Manifests.object(target, key), Manifests.copy(inner));
          } else if (value instanceof List<?> list
              && mergeKey != null
              && list.stream().allMatch(Map.class::isInstance)) {
            mergeLists(Manifests.list(target, key), list, key, mergeKey);
          } else if (!key.startsWith("$")) {
            target.put(key, value);
          }
        });
  }

  private static void mergeLists(
      List<@Nullable Object> target, List<?> patch, String list, String mergeKey) {
    for (Object each : patch) {
      Map<String, @Nullable Object> element = Manifests.copy((Map<?, ?>) each);
      Object directive = element.get(DIRECTIVE);
      if ("replace".equals(directive)) {
        target.clear();
        continue;
      }
      Object key = element.get(mergeKey);
      if (key == null) {
        throw invalid(
            "An element of '" + list + "' in 'customizations' has no '" + mergeKey + "'.");
      }
      int at = -1;
      for (int i = 0; i < target.size(); i++) {
        if (target.get(i) instanceof Map<?, ?> map && key.equals(map.get(mergeKey))) {
          at = i;
        }
      }
      if ("delete".equals(directive)) {
        if (at >= 0) {
          target.remove(at);
        }
      } else if (at < 0) {
        target.add(element);
      } else {
        Map<String, @Nullable Object> merged =
            Manifests.copy((Map<?, ?>) Objects.requireNonNull(target.get(at)));
        mergeStrategically(merged, element);
        target.set(at, merged);
      }
    }
  }

  /** An operation of JSON patch. */
  private static final class Operation {
    private final Map<String, @Nullable Object> root;
    private final String name;
    private final Map<?, ?> change;

    Operation(Map<String, @Nullable Object> root, String name, Map<?, ?> change) {
      this.root = root;
      this.name = name;
      this.change = change;
    }

    void apply() {
      switch (name) {
        case "add" -> add(pointer("path"), Manifests.copyOf(change.get("value")));
        case "replace" -> {
          List<String> path = pointer("path");
          set(path, Manifests.copyOf(change.get("value")));
        }
        case "remove" -> remove(pointer("path"));
        case "copy" -> add(pointer("path"), Manifests.copyOf(get(pointer("from"))));
        case "move" -> {
          Object moved = get(pointer("from"));
          remove(pointer("from"));
          add(pointer("path"), moved);
        }
        case "test" -> {
          Object found = get(pointer("path"));
          if (!String.valueOf(found).equals(String.valueOf(change.get("value")))) {
            throw failed("the value is " + found);
          }
        }
        default -> throw failed("there is no such operation");
      }
    }

    private SheaveException failed(String reason) {
      return invalid(
          "The operation '"
              + name
              + " "
              + change.get("path")
              + "' in 'customizations' can't be applied: "
              + reason
              + ".");
    }

    private List<String> pointer(String key) {
      if (!(change.get(key) instanceof String text) || !text.startsWith("/")) {
        throw failed("its '" + key + "' must start with a slash");
      }
      List<String> tokens = new ArrayList<>();
      for (String token : text.substring(1).split("/", -1)) {
        tokens.add(token.replace("~1", "/").replace("~0", "~"));
      }
      return tokens;
    }

    private Object parent(List<String> path, boolean makes) {
      Object at = root;
      for (int i = 0; i < path.size() - 1; i++) {
        Object child = child(at, path.get(i));
        if (child == null && makes && at instanceof Map) {
          String next = path.get(i + 1);
          boolean isList = next.equals(END) || next.equals("0");
          child =
              isList
                  ? Manifests.list(asObject(at), path.get(i))
                  : Manifests.object(asObject(at), path.get(i));
        }
        if (child == null) {
          throw failed("there is no '" + path.get(i) + "'");
        }
        at = child;
      }
      return at;
    }

    private @Nullable Object child(Object parent, String token) {
      if (parent instanceof List<?> list) {
        int index = index(token, list.size() - 1);
        return list.get(index);
      }
      return parent instanceof Map<?, ?> map ? map.get(token) : null;
    }

    private int index(String token, int max) {
      if (!token.matches("\\d{1,6}") || Integer.parseInt(token) > max) {
        throw failed("there is no element '" + token + "'");
      }
      return Integer.parseInt(token);
    }

    @SuppressWarnings("unchecked") // copies have strings as keys
    private Map<String, @Nullable Object> asObject(Object value) {
      if (value instanceof Map) {
        return (Map<String, @Nullable Object>) value;
      }
      throw failed("its parent isn't an object");
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> asList(Object value) {
      return (List<@Nullable Object>) value;
    }

    private @Nullable Object get(List<String> path) {
      Object found = child(parent(path, false), last(path));
      if (found == null) {
        throw failed("there is nothing at its place");
      }
      return found;
    }

    private static String last(List<String> path) {
      return path.get(path.size() - 1);
    }

    private void add(List<String> path, @Nullable Object value) {
      Object parent = parent(path, true);
      if (parent instanceof List) {
        List<@Nullable Object> list = asList(parent);
        list.add(last(path).equals(END) ? list.size() : index(last(path), list.size()), value);
      } else {
        asObject(parent).put(last(path), value);
      }
    }

    private void set(List<String> path, @Nullable Object value) {
      Object parent = parent(path, false);
      if (parent instanceof List) {
        asList(parent).set(index(last(path), asList(parent).size() - 1), value);
      } else if (asObject(parent).containsKey(last(path))) {
        asObject(parent).put(last(path), value);
      } else {
        throw failed("there is nothing to replace");
      }
    }

    private void remove(List<String> path) {
      Object parent = parent(path, false);
      if (parent instanceof List) {
        asList(parent).remove(index(last(path), asList(parent).size() - 1));
      } else if (asObject(parent).containsKey(last(path))) {
        asObject(parent).remove(last(path));
      } else {
        throw failed("there is nothing to remove");
      }
    }
  }
}
