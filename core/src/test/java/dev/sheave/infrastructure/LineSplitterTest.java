package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.infrastructure.LineSplitter.Line;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private final List<Line> lines = new ArrayList<>();
  private final LineSplitter splitter = new LineSplitter(4, lines::add);

  private void add(String text) {
    splitter.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void linesComeWhenTheyAreFinished() {
    add("a\n\nb");
    assertThat(lines).extracting(Line::text).containsExactly("a", "");
    add("ü\r\nc");
    assertThat(lines).extracting(Line::text).containsExactly("a", "", "bü");
    splitter.finish();
    splitter.finish();
    assertThat(lines).extracting(Line::text).containsExactly("a", "", "bü", "c");
    assertThat(lines).extracting(Line::bytes).containsExactly(2, 1, 5, 1);
    assertThat(lines).allMatch(each -> each.isFirst() && each.isLast());
  }

  @Test
  void longLinesAreCut() {
    add("12345678\r9\n1234\n");
    assertThat(lines)
        .containsExactly(
            new Line("1234", 4, true, false),
            new Line("5678", 4, false, false),
            new Line("\r9", 3, false, true),
            new Line("1234", 5, true, true));
  }
}
