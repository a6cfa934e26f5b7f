package dev.sheave.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.YamlNode.Mapping;
import dev.sheave.internal.YamlNode.Place;
import dev.sheave.internal.YamlNode.Scalar;
import dev.sheave.internal.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Composes the nodes of one YAML text: aliases stand for what their anchors name, and {@code <<}
 * merges mappings. What can't be, such as a key that is there twice, is an error with its place.
 */
final class YamlComposer {
  /** How deep collections may lie in each other. */
  private static final int MAX_DEPTH = 500;

  /** How many characters and nodes all aliases together may stand for. */
  private static final long MAX_ALIASED = 1_000_000;

  private static final Set<String> COLLECTION_TAGS =
      Set.of("!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq");

  private final String text;
  private final String what;
  private final Iterator<Event> events;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private long weight;
  private long aliased;
  private int depth;

  /**
   * What an anchor names.
   *
   * @param node null while it is being composed
   * @param weight how many characters and nodes it stands for
   */
  private record Anchored(@Nullable YamlNode node, long weight) {}

  private YamlComposer(String text, String what) {
    this.text = text;
    this.what = what;
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(Integer.MAX_VALUE) // the reader of the text limits its size
            // with a smaller buffer, a scalar that is longer takes time by its square
            .setBufferSize(text.length() + 1)
            .build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /** Returns the root of a text, or null if there is nothing in it. */
  static @Nullable YamlNode compose(String text, String what) {
    YamlComposer composer = new YamlComposer(text, what);
    try {
      return composer.document();
    } catch (ReaderException e) {
      throw composer
          .placeOf(e.getPosition())
          .error("the character " + String.format("U+%04X", e.getCodePoint()) + " isn't allowed");
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
      throw composer.notYaml(mark, String.valueOf(e.getProblem()));
    } catch (YamlEngineException e) {
      throw composer.notYaml(null, String.valueOf(e.getMessage()));
    }
  }

  /** Has no cause: it quotes the text, and there may be a secret in it. */
  private SheaveException notYaml(@Nullable Mark mark, String problem) {
    String place = mark == null ? "" : place(mark).toString();
    String reason =
        problem.contains("'\\t(TAB)'")
            ? "a tab can't be used for indentation; use spaces"
            : problem.lines().findFirst().orElse("").replaceAll("[.]$", "");
    return new SheaveException(Code.INVALID, what + " isn't YAML" + place + ": " + reason + ".");
  }

  private @Nullable YamlNode document() {
    YamlNode root = null;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
        default -> {
          if (root != null) {
            throw place(event).error("only one YAML document is allowed");
          }
          root = node(event);
        }
      }
    }
    return root;
  }

  private YamlNode node(Event event) {
    if (event instanceof AliasEvent alias) {
      return aliased(alias.getAlias().getValue(), place(event));
    }
    if (event instanceof ScalarEvent scalar) {
      return anchored(scalar.getAnchor(), weight, scalar(scalar));
    }
    CollectionStartEvent start = (CollectionStartEvent) event;
    String tag = start.getTag().orElse("!");
    if (!COLLECTION_TAGS.contains(tag)) {
      throw YamlNode.unknownTag(place(event), tag.replace("tag:yaml.org,2002:", "!!"));
    }
    if (++depth > MAX_DEPTH) {
      throw place(event).error("the nesting is deeper than " + MAX_DEPTH + " levels");
    }
    long before = weight++;
    start.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), new Anchored(null, 0)));
    YamlNode node = event.getEventId() == Event.ID.SequenceStart ? sequence(event) : mapping(event);
    depth--;
    return anchored(start.getAnchor(), before, node);
  }

  private YamlNode anchored(Optional<Anchor> anchor, long weightBefore, YamlNode node) {
    anchor.ifPresent(
        name -> anchors.put(name.getValue(), new Anchored(node, weight - weightBefore)));
    return node;
  }

  private YamlNode aliased(String name, Place place) {
    Anchored target = anchors.get(name);
    if (target == null) {
      throw place.error(
          "the alias '*"
              + name
              + "' has no anchor '&"
              + name
              + "' before it; quote a string that starts with '*'");
    }
    if (target.node() == null) {
      throw place.error("the alias '*" + name + "' refers to a node that contains it");
    }
    weight += target.weight();
    aliased += target.weight();
    if (aliased > MAX_ALIASED) {
      throw place.error(
          "the aliases expand to more than " + MAX_ALIASED + " characters and values");
    }
    return target.node();
  }

  private Scalar scalar(ScalarEvent event) {
    weight += event.getValue().length() + 1L;
    if (Surrogates.isUnpairedIn(event.getValue())) {
      throw place(event).error("a text has half of a character, an unpaired surrogate");
    }
    return new Scalar(event.getValue(), event.isPlain(), event.getTag().orElse(null), place(event));
  }

  private Sequence sequence(Event start) {
    List<YamlNode> elements = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      elements.add(node(event));
    }
    return new Sequence(elements, place(start));
  }

  private Mapping mapping(Event start) {
    Map<String, YamlNode> own = new LinkedHashMap<>();
    Map<String, Place> keys = new HashMap<>();
    Map<String, YamlNode> merged = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      Place place = place(event);
      if (!(node(event) instanceof Scalar key)) {
        throw place.error("a list or mapping can't be a key");
      }
      YamlNode value = node(events.next());
      if (key.isPlain() && key.tag() == null && key.text().equals("<<")) {
        merge(value, merged, keys);
        continue;
      }
      Place known = own.containsKey(key.text()) ? keys.get(key.text()) : null;
      if (known != null) {
        throw place.error("duplicate key '" + key.text() + "'; it is also in line " + known.line());
      }
      own.put(key.text(), value);
      keys.put(key.text(), place);
    }
    merged.putAll(own);
    return new Mapping(merged, keys, place(start));
  }

  /** Adds the entries of a mapping, or of several, of which the first that has a key counts. */
  private static void merge(YamlNode value, Map<String, YamlNode> merged, Map<String, Place> keys) {
    List<YamlNode> sources = value instanceof Sequence all ? all.elements() : List.of(value);
    for (YamlNode source : sources) {
      if (!(source instanceof Mapping mapping)) {
        throw source.place().error("the value of '<<' must be a mapping or a list of mappings");
      }
      mapping
          .entries()
          .forEach(
              (key, each) -> {
                merged.putIfAbsent(key, each);
                keys.putIfAbsent(key, mapping.keys().getOrDefault(key, mapping.place()));
              });
    }
  }

  private Place place(Event event) {
    return event.getStartMark().map(this::place).orElse(new Place(what, 1, 1));
  }

  private Place place(Mark mark) {
    return new Place(what, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Place placeOf(int codePoints) {
    int end =
        text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
    String before = text.substring(0, end);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Place(what, line, before.length() - before.lastIndexOf('\n'));
  }
}
