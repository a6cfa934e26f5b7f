package dev.sheave.infrastructure;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Arguments;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a container image, such as {@code registry.example.com:5000/team/flows:1.0}. Its form
 * is that of <a href="https://github.com/distribution/reference">distribution/reference</a>, which
 * engines and clusters use: a registry, a path in lower case, a tag and a digest, of which only the
 * path is required. Immutable.
 */
public final class ImageName {
  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final Pattern REGISTRY =
      Pattern.compile("(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+])(?::[0-9]{1,5})?");

  private static final String WORD = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  private static final Pattern REST =
      Pattern.compile(
          WORD
              + ("(?:/" + WORD + ")*")
              + "(?::\\w[\\w.-]{0,127})?"
              + "(?:@[a-zA-Z][a-zA-Z0-9]*(?:[-_+.][a-zA-Z][a-zA-Z0-9]*)*:[0-9a-fA-F]{32,})?");

  private static final int MAX_LENGTH = 1024;

  private final String text;
  private final @Nullable String registry;

  private ImageName(String text, @Nullable String registry) {
    this.text = text;
    this.registry = registry;
  }

  /**
   * Reads a name.
   *
   * @param field where it is, for the message
   * @throws SheaveException {@code INVALID} if it isn't the name of an image
   */
  public static ImageName parse(String text, String field) {
    Arguments.notNull(field, "field");
    String registry = registryIn(Arguments.notNull(text, "text"));
    String rest = registry == null ? text : text.substring(registry.length() + 1);
    if (text.length() > MAX_LENGTH
        || !REST.matcher(rest).matches()
        || registry != null && !REGISTRY.matcher(registry).matches()) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + field
              + "' must be the name of an image, like 'flows:1.0' or"
              + " 'registry.example.com/team/flows:1.0' with a path in lower case, not '"
              + text
              + "'.");
    }
    return new ImageName(text, registry);
  }

  /** A first part is a registry, not a folder, if it can only be a host. */
  private static @Nullable String registryIn(String text) {
    String first = text.substring(0, Math.max(0, text.indexOf('/')));
    return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : null;
  }

  /** The host of its registry, with the port if it has one; empty for Docker Hub. */
  public Optional<String> registry() {
    return Optional.ofNullable(registry);
  }

  /** Returns the name as it was given. */
  @Override
  public String toString() {
    return text;
  }
}
