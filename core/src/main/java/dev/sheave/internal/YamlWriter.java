package dev.sheave.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;

/** Writes JSON values as YAML that readers of YAML 1.1 and of 1.2 understand alike. */
final class YamlWriter {
  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setSplitLines(false)
          .setWidth(Integer.MAX_VALUE)
          // what isn't ASCII is escaped: versions of YAML differ in which of it ends a line
          .setUseUnicodeEncoding(true)
          .build();

  /** Only words that start like a name or a path stand without quotes, ... */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z_./][A-Za-z0-9_./+-]*(:[A-Za-z0-9_./+-]+)*( [A-Za-z0-9_./+-]+)*");

  /** ... unless some reader takes them for something else. */
  private static final Pattern MEANINGFUL =
      Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n|[.]inf|[.]nan|[.]?[0-9_.e+-]*");

  /** Several lines that stand as they are: no blanks at their ends, none before the first. */
  private static final Pattern LINES =
      Pattern.compile("[!-~](?:[ -~]*[!-~])?(?:\n+ *[!-~](?:[ -~]*[!-~])?)*+\n*+");

  private static final ImplicitTuple IMPLICIT = new ImplicitTuple(true, true);

  private final List<Event> events = new ArrayList<>();

  private YamlWriter() {}

  static String write(@Nullable Object value) {
    YamlWriter writer = new YamlWriter();
    writer.events.add(new StreamStartEvent());
    writer.events.add(new DocumentStartEvent(false, Optional.empty(), Map.of()));
    writer.add(value);
    writer.events.add(new DocumentEndEvent(false));
    writer.events.add(new StreamEndEvent());
    return new Present(SETTINGS).emitToString(writer.events.iterator());
  }

  private void add(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      events.add(
          new MappingStartEvent(Optional.empty(), Optional.empty(), true, styleOf(map.isEmpty())));
      map.forEach(
          (key, each) -> {
            addText(String.valueOf(key), true);
            add(each);
          });
      events.add(new MappingEndEvent());
    } else if (value instanceof Collection<?> list) {
      events.add(
          new SequenceStartEvent(
              Optional.empty(), Optional.empty(), true, styleOf(list.isEmpty())));
      list.forEach(this::add);
      events.add(new SequenceEndEvent());
    } else if (value == null || value instanceof Boolean) {
      addScalar(String.valueOf(value), ScalarStyle.PLAIN);
    } else if (value instanceof Number number) {
      addScalar(number(number), ScalarStyle.PLAIN);
    } else {
      addText(value.toString(), false);
    }
  }

  private static FlowStyle styleOf(boolean isEmpty) {
    return isEmpty ? FlowStyle.FLOW : FlowStyle.BLOCK;
  }

  /** YAML 1.1 takes 1.0E10 for a text: it wants a sign. */
  private static String number(Number number) {
    return number.toString().replaceFirst("E(?=[0-9])", "E+");
  }

  private void addText(String text, boolean isKey) {
    boolean isPlain = PLAIN.matcher(text).matches() && !MEANINGFUL.matcher(text).matches();
    boolean isLines = !isKey && text.indexOf('\n') >= 0 && LINES.matcher(text).matches();
    addScalar(
        text,
        isPlain ? ScalarStyle.PLAIN : isLines ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED);
  }

  private void addScalar(String text, ScalarStyle style) {
    events.add(new ScalarEvent(Optional.empty(), Optional.empty(), IMPLICIT, text, style));
  }
}
