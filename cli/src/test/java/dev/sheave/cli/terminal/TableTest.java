package dev.sheave.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void aCellIsOneLineAndDoesNothingToTheTerminal() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Table table = new Table("Name");
    table.add("a\nb");
    table.add("\u001b[31mred\u0007");
    table.add("report\u202efdp.exe"); // shown as reportexe.pdf
    table.print(Terminal.builder().out(out).err(out).build());

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("Name", "a\\nb", " [31mred", "report fdp.exe");
  }
}
