package dev.sheave.orchestrator.internal.secret;

import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a schema has secrets. Two things say so, and either is enough: the paths in its {@code
 * secret_fields} ({@code x}, {@code child.a}, {@code settings.*}; {@code *} is any key of a map and
 * any element of a list), and what the JSON schema itself marks with {@code format: password} or
 * {@code writeOnly}. The reference lists no paths for lists and maps of secrets, but marks them. A
 * value for which a schema lists no field counts as secret. Immutable.
 */
public final class SecretFields {
  private static final String ANY = "*";
  private static final String DEFINITIONS = "#/definitions/";

  private final Node paths = new Node();
  private final Map<String, @Nullable Object> schema;

  private SecretFields(Map<String, @Nullable Object> schema) {
    this.schema = schema;
    if (schema.get("secret_fields") instanceof List<?> listed) {
      for (Object path : listed) {
        paths.add(String.valueOf(path));
      }
    }
  }

  /** Reads a block schema's fields. */
  public static SecretFields of(Map<String, @Nullable Object> fields) {
    return new SecretFields(fields);
  }

  /** The place of a whole document. */
  private Place root() {
    return new Place(false, List.of(paths), resolve(schema));
  }

  /** A step of the paths. */
  private static final class Node {
    private final Map<String, Node> next = new HashMap<>();
    private boolean isEnd;

    void add(String path) {
      Node node = this;
      for (String step : path.split("\\.", -1)) {
        node = node.next.computeIfAbsent(step, any -> new Node());
      }
      node.isEnd = true;
    }
  }

  /** A schema of which definitions are looked up in the document it stands in. */
  private record Part(Map<String, @Nullable Object> json, Map<String, @Nullable Object> document) {}

  private static List<Part> resolve(Map<String, @Nullable Object> document) {
    Set<Part> parts = new LinkedHashSet<>();
    collect(document, document, parts);
    return List.copyOf(parts);
  }

  /** A schema stands for what it refers to and is composed of. */
  private static void collect(
      @Nullable Object json, Map<String, @Nullable Object> document, Set<Part> found) {
    if (!(json instanceof Map<?, ?> map)) {
      return;
    }
    Map<String, @Nullable Object> part = Json.asObject(map);
    if (!found.add(new Part(part, document))) {
      return;
    }
    if (part.get("$ref") instanceof String reference
        && reference.startsWith(DEFINITIONS)
        && document.get("definitions") instanceof Map<?, ?> definitions) {
      collect(definitions.get(reference.substring(DEFINITIONS.length())), document, found);
    }
    for (String composition : List.of("allOf", "anyOf", "oneOf")) {
      if (part.get(composition) instanceof List<?> choices) {
        choices.forEach(choice -> collect(choice, document, found));
      }
    }
  }

  /** A place in a document, and whether what is there is a secret. Immutable. */
  public static final class Place {
    /** A place that no schema says anything about. */
    static final Place NOWHERE = new Place(false, List.of(), List.of());

    private final boolean isBelowSecret;
    private final List<Node> nodes;
    private final List<Part> parts;

    private Place(boolean isBelowSecret, List<Node> nodes, List<Part> parts) {
      this.isBelowSecret = isBelowSecret;
      this.nodes = nodes;
      this.parts = parts;
    }

    /** Whether everything here, all the way down, is secret. */
    boolean isSecret() {
      return isBelowSecret
          || nodes.stream().anyMatch(node -> node.isEnd)
          || parts.stream().anyMatch(Place::marksSecret);
    }

    /**
     * Whether a single value here is secret; that is so, too, where the schema expects a map of
     * secrets.
     */
    boolean hidesValue() {
      return isSecret() || nodes.stream().anyMatch(node -> node.next.containsKey(ANY));
    }

    private static boolean marksSecret(Part part) {
      return "password".equals(part.json().get("format"))
          || Boolean.TRUE.equals(part.json().get("writeOnly"));
    }

    /** The place of a value of a map. */
    Place field(String key) {
      List<Node> nextNodes = new ArrayList<>();
      for (Node node : nodes) {
        addIfThere(nextNodes, node.next.get(key));
        addIfThere(nextNodes, node.next.get(ANY));
      }
      Set<Part> nextParts = new LinkedHashSet<>();
      boolean isListed = false;
      boolean isExpected = false;
      for (Part part : parts) {
        Object properties = part.json().get("properties");
        isListed |= properties != null;
        if (properties instanceof Map<?, ?> map && map.containsKey(key)) {
          isExpected = true;
          collect(map.get(key), part.document(), nextParts);
        } else if (part.json().containsKey("additionalProperties")) {
          isExpected = true;
          collect(part.json().get("additionalProperties"), part.document(), nextParts);
        }
      }
      // a newer class may have written what this schema doesn't know: perhaps a secret
      boolean isForeign = isListed && !isExpected;
      return new Place(isSecret() || isForeign, nextNodes, List.copyOf(nextParts));
    }

    /**
     * The place of any element of a list. Paths may step into lists silently, as some schemas of
     * the reference do.
     */
    Place element() {
      List<Node> nextNodes = new ArrayList<>(nodes);
      for (Node node : nodes) {
        addIfThere(nextNodes, node.next.get(ANY));
      }
      Set<Part> nextParts = new LinkedHashSet<>();
      for (Part part : parts) {
        Object items = part.json().get("items");
        Collection<?> schemas =
            items instanceof List<?> each ? each : List.of(items == null ? Map.of() : items);
        schemas.forEach(each -> collect(each, part.document(), nextParts));
      }
      return new Place(isSecret(), nextNodes, List.copyOf(nextParts));
    }

    /** The same place, with the secrets of more schemas. */
    Place and(List<SecretFields> schemas) {
      List<Node> allNodes = new ArrayList<>(nodes);
      List<Part> allParts = new ArrayList<>(parts);
      for (SecretFields each : schemas) {
        Place root = each.root();
        allNodes.addAll(root.nodes);
        allParts.addAll(root.parts);
      }
      return new Place(isBelowSecret, allNodes, allParts);
    }

    private static void addIfThere(List<Node> nodes, @Nullable Node node) {
      if (node != null) {
        nodes.add(node);
      }
    }
  }
}
