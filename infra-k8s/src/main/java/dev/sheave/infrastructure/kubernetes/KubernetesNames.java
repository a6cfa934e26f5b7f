package dev.sheave.infrastructure.kubernetes;

import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names and labels as Kubernetes allows them. */
final class KubernetesNames {
  /** A pod's name is that of its job and six characters, and may have 63. */
  private static final int MAX_JOB_NAME = 52;

  private static final int MAX_LABEL = 63;
  private static final int MAX_LABEL_PREFIX = 253;
  private static final int ID_IN_NAME = 13;

  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^a-z0-9]+");
  private static final Pattern NOT_IN_LABELS = Pattern.compile("[^A-Za-z0-9_.-]+");
  private static final Pattern EDGES = Pattern.compile("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$");

  private KubernetesNames() {}

  /** The name of a job, which is taken by the first who starts the run. */
  static String job(String name, UUID run, int attempt) {
    String suffix =
        "-" + run.toString().substring(0, ID_IN_NAME) + (attempt == 1 ? "" : "-" + attempt);
    String text = NOT_IN_NAMES.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    String readable = cut(text, MAX_JOB_NAME - suffix.length());
    return (readable.isEmpty() ? "run" : readable) + suffix;
  }

  /** The value of a label; may be empty. */
  static String labelValue(String value) {
    return cut(NOT_IN_LABELS.matcher(value).replaceAll("-"), MAX_LABEL);
  }

  /** The key of a label; empty if nothing of it is valid. */
  static String labelKey(String key) {
    int slash = key.indexOf('/');
    String name = cut(NOT_IN_LABELS.matcher(key.substring(slash + 1)).replaceAll("-"), MAX_LABEL);
    if (slash < 0 || name.isEmpty()) {
      return name;
    }
    String prefix =
        cut(
            Arrays.stream(key.substring(0, slash).toLowerCase(Locale.ROOT).split("\\."))
                .map(part -> cut(NOT_IN_NAMES.matcher(part).replaceAll("-"), MAX_LABEL_PREFIX))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(".")),
            MAX_LABEL_PREFIX);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** What is left of a text between its first and last letters and digits. */
  private static String cut(String text, int length) {
    String start = EDGES.matcher(text).replaceAll("");
    return start.length() <= length
        ? start
        : EDGES.matcher(start.substring(0, length)).replaceAll("");
  }
}
