package dev.sheave.orchestrator.internal.secret;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.JsonSchema;
import java.util.ArrayList;
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
 * value for which a schema lists no field counts as secret, and so does every value if the paths
 * can't be read. Immutable.
 */
public final class SecretFields {
  private static final String PATHS = "secret_fields";
  private static final String ANY = "*";

  private final Node paths = new Node();
  private final JsonSchema schema;

  private SecretFields(JsonSchema schema) {
    this.schema = schema;
    JsonSchema.texts(schema.get(PATHS)).forEach(paths::add);
  }

  /** Reads a block schema's fields. */
  public static SecretFields of(Map<String, @Nullable Object> fields) {
    return new SecretFields(JsonSchema.of(fields));
  }

  /**
   * Checks that the paths of a new schema can be followed.
   *
   * @throws SheaveException {@code INVALID} if they aren't a list of texts, or if a path leads
   *     through a field with a dot in its name
   */
  public static void check(Map<String, @Nullable Object> fields) {
    JsonSchema schema = JsonSchema.of(fields);
    if (!isListOfTexts(schema.get(PATHS))) {
      throw new SheaveException(
          Code.INVALID,
          "'secret_fields' of the block schema must be a list of strings, such as [\"password\"].");
    }
    JsonSchema.texts(schema.get(PATHS)).forEach(path -> checkDots(path, schema));
  }

  private static boolean isListOfTexts(@Nullable Object value) {
    return value == null
        || (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance));
  }

  /** A dot separates steps, so a path can't name a field that has one in its name. */
  private static void checkDots(String path, JsonSchema schema) {
    Set<JsonSchema> parts = Set.of(schema);
    for (int at = 0; at < path.length(); ) {
      Set<JsonSchema> here = new LinkedHashSet<>();
      parts.forEach(part -> addWithElements(part, here));
      int dot = path.indexOf('.', at);
      int end = dot < 0 ? path.length() : dot;
      Set<JsonSchema> next = new LinkedHashSet<>();
      for (JsonSchema part : here) {
        for (String name : part.propertyNames()) {
          if (name.contains(".") && leadsThrough(name, path, at)) {
            throw new SheaveException(
                Code.INVALID,
                "'secret_fields' of the block schema can't name the field '"
                    + name
                    + "' in '"
                    + path
                    + "', because of the dot; mark the field with \"writeOnly\": true instead.");
          }
        }
        next.addAll(steps(part, path.substring(at, end)));
      }
      parts = next;
      at = end + 1;
    }
  }

  private static boolean leadsThrough(String name, String path, int start) {
    int end = start + name.length();
    return path.startsWith(name, start) && (end == path.length() || path.charAt(end) == '.');
  }

  /** Paths step into lists silently. */
  private static void addWithElements(JsonSchema part, Set<JsonSchema> all) {
    for (JsonSchema choice : part.withChoices()) {
      if (all.add(choice)) {
        choice.elements().forEach(element -> addWithElements(element, all));
      }
    }
  }

  private static List<JsonSchema> steps(JsonSchema part, String step) {
    if (!step.equals(ANY)) {
      return List.of(part.property(step));
    }
    List<JsonSchema> all = new ArrayList<>(part.properties().values());
    all.add(part.property(ANY)); // any other key of a map
    all.addAll(part.elements());
    return all;
  }

  /** The place of a whole document. */
  private Place root() {
    return new Place(
        !isListOfTexts(schema.get(PATHS)), List.of(paths), List.copyOf(schema.withChoices()));
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

  /** A place in a document, and whether what is there is a secret. Immutable. */
  public static final class Place {
    /** A place that no schema says anything about. */
    static final Place NOWHERE = new Place(false, List.of(), List.of());

    private final boolean isBelowSecret;
    private final List<Node> nodes;
    private final List<JsonSchema> parts;

    private Place(boolean isBelowSecret, List<Node> nodes, List<JsonSchema> parts) {
      this.isBelowSecret = isBelowSecret;
      this.nodes = nodes;
      this.parts = parts;
    }

    /** Whether everything here, all the way down, is secret. */
    boolean isSecret() {
      return isBelowSecret
          || nodes.stream().anyMatch(node -> node.isEnd)
          || parts.stream().anyMatch(JsonSchema::isSecret);
    }

    /**
     * Whether a single value here is secret; that is so, too, where the schema expects a map of
     * secrets.
     */
    boolean hidesValue() {
      return isSecret() || nodes.stream().anyMatch(node -> node.next.containsKey(ANY));
    }

    /** The place of a value of a map. */
    Place field(String key) {
      List<Node> nextNodes = new ArrayList<>();
      for (Node node : nodes) {
        addIfThere(nextNodes, node.next.get(key));
        addIfThere(nextNodes, node.next.get(ANY));
      }
      Set<JsonSchema> nextParts = new LinkedHashSet<>();
      boolean isListed = false;
      boolean isExpected = false;
      for (JsonSchema part : parts) {
        isListed |= part.has("properties");
        isExpected |= part.has("additionalProperties") || part.propertyNames().contains(key);
        nextParts.addAll(part.property(key).withChoices());
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
      Set<JsonSchema> nextParts = new LinkedHashSet<>();
      for (JsonSchema part : parts) {
        part.elements().forEach(each -> nextParts.addAll(each.withChoices()));
      }
      return new Place(isSecret(), nextNodes, List.copyOf(nextParts));
    }

    /** The same place, with the secrets of more schemas. */
    Place and(List<SecretFields> schemas) {
      List<Node> allNodes = new ArrayList<>(nodes);
      List<JsonSchema> allParts = new ArrayList<>(parts);
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
