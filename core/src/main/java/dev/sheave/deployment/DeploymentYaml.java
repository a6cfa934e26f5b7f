package dev.sheave.deployment;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Yaml;
import dev.sheave.internal.YamlNode;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlNode.Place;
import dev.sheave.internal.YamlNode.Scalar;
import dev.sheave.internal.YamlNode.Sequence;
import dev.sheave.internal.YamlValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The top-level keys of a deployment file. What is wrong with them is collected, to be said all at
 * once; a value that is wrong is read as one that isn't there.
 */
final class DeploymentYaml {
  private final Mapping root;
  private final Path file;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * What is wrong.
   *
   * @param place where; null if something is missing
   * @param path the key, and what is in its value; empty if it isn't in one
   * @param cause the error that says it; null if there was none
   */
  private record Problem(
      @Nullable Place place, String path, String sentence, @Nullable SheaveException cause) {}

  private DeploymentYaml(Mapping root, Path file) {
    this.root = root;
    this.file = file;
  }

  static DeploymentYaml parse(String text, Path file) {
    if (Yaml.parse(text, "The deployment file '" + file + "'").root() instanceof Mapping root) {
      return new DeploymentYaml(root, file);
    }
    throw new SheaveException(
        Code.INVALID,
        "The deployment file '"
            + file
            + "' doesn't contain a deployment; it needs the keys 'name', 'flow_name' and"
            + " 'entrypoint'.");
  }

  Set<String> keys() {
    return root.entries().keySet();
  }

  /** Notes a problem of a key, once. */
  void problem(String key, String sentence) {
    Problem problem = new Problem(root.keys().get(key), key, sentence, null);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** Notes a problem of what stands at a place. */
  void problem(@Nullable Place place, String sentence) {
    problems.add(new Problem(place, "", sentence, null));
  }

  /** Notes what is wrong with a key's value. */
  void problem(String key, SheaveException error) {
    for (SheaveException.Problem each : error.problems()) {
      String path = each.path().isEmpty() ? key : key + "." + each.path();
      problems.add(
          new Problem(root.keys().get(key), path, "'" + key + "': " + each.message(), error));
    }
  }

  /** Notes something that is passed over. */
  void warn(String sentence) {
    warnings.add("'" + file + "': " + sentence + ".");
  }

  List<String> warnings() {
    return warnings;
  }

  /** Throws what is wrong, if anything is. */
  void throwProblems() {
    if (problems.size() == 1) {
      Problem only = problems.get(0);
      String place = only.place() == null ? "" : only.place().toString();
      throw new SheaveException(
          only.cause() == null ? Code.INVALID : only.cause().code(),
          "'" + file + "'" + place + ": " + only.sentence(),
          List.of(new SheaveException.Problem(only.path(), only.sentence())),
          only.cause());
    }
    if (!problems.isEmpty()) {
      problems.sort(
          Comparator.comparingInt(each -> each.place() == null ? 0 : each.place().line()));
      StringBuilder all = new StringBuilder("'" + file + "' has " + problems.size() + " problems:");
      for (Problem problem : problems) {
        String place =
            problem.place() == null ? "" : problem.place().toString().substring(2) + ": ";
        all.append("\n  ").append(place).append(problem.sentence());
      }
      throw new SheaveException(
          Code.INVALID,
          all.toString(),
          problems.stream()
              .map(each -> new SheaveException.Problem(each.path(), each.sentence()))
              .toList(),
          null);
    }
  }

  private void wrong(String key, String expected) {
    problem(key, "'" + key + "' must be " + expected + ".");
  }

  /** Returns whether a key isn't there or its value is null, empty or false. */
  boolean isEmpty(String key) {
    YamlNode node = root.entries().get(key);
    return node == null
        || node instanceof Mapping mapping && mapping.entries().isEmpty()
        || node instanceof Sequence list && list.elements().isEmpty()
        || node instanceof Scalar scalar && (scalar.isNull() || scalar.text().isEmpty());
  }

  /** Returns what stands under a key, if it isn't null. */
  private @Nullable YamlNode node(String key) {
    YamlNode node = root.entries().get(key);
    return node instanceof Scalar scalar && scalar.isNull() ? null : node;
  }

  String requiredText(String key) {
    String text = text(key);
    boolean isText = node(key) == null || text != null; // or else text() has said so
    if (isText && (text == null || text.isBlank())) {
      problem(key, "'" + key + "' is missing; it must be a string.");
    }
    return text == null || text.isBlank() ? "" : text;
  }

  /** Returns a string as it was typed, though it may look like a number. */
  @Nullable String text(String key) {
    YamlNode node = node(key);
    if (node instanceof Scalar scalar) {
      return scalar.text();
    }
    if (node != null) {
      wrong(key, "a string");
    }
    return null;
  }

  @Nullable Boolean truth(String key) {
    YamlNode node = node(key);
    Object value = node == null ? null : node.value();
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    wrong(key, "true, false or null");
    return null;
  }

  @Nullable Mapping mapping(String key) {
    YamlNode node = node(key);
    if (node == null || node instanceof Mapping) {
      return (Mapping) node;
    }
    wrong(key, "a mapping");
    return null;
  }

  /** Returns an object, its values as a schema has them; empty if there is none. */
  Map<String, @Nullable Object> object(String key, Map<String, @Nullable Object> schema) {
    Mapping mapping = mapping(key);
    return mapping == null ? Map.of() : YamlValues.read(mapping, schema);
  }

  List<YamlNode> list(String key) {
    YamlNode node = node(key);
    if (node instanceof Sequence list) {
      return list.elements();
    }
    if (node != null) {
      wrong(key, "a list");
    }
    return List.of();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    YamlNode node = node(key);
    if (node == null) {
      return texts;
    }
    if (node instanceof Sequence list
        && list.elements().stream()
            .allMatch(each -> each instanceof Scalar scalar && !scalar.text().isEmpty())) {
      list.elements().forEach(each -> texts.add(((Scalar) each).text()));
      return texts;
    }
    wrong(key, "a list of strings");
    return texts;
  }
}
