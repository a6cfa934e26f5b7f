package dev.sheave.infrastructure.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOutputStreamTest {
  private final ByteArrayOutputStream pipe = new ByteArrayOutputStream();

  @TempDir Path folder;

  private PrintStream printTo(Path file) {
    return new PrintStream(new RunOutputStream(file.toString(), pipe), true, UTF_8);
  }

  @Test
  void linesGoToTheFileAfterThoseOfOthers() throws IOException {
    Path file = Files.writeString(folder.resolve("output.log"), "of the start\n");
    PrintStream out = printTo(file);

    out.print("a line\n");
    Files.writeString(file, "of a child\n", StandardOpenOption.APPEND);
    out.close();
    out = printTo(file);
    out.print("the last\n");

    assertThat(file).hasContent("of the start\na line\nof a child\nthe last\n");
    assertThat(pipe.toString(UTF_8)).isEmpty();
  }

  @Test
  void whatIsBeyondTheBoundGoesToThePipe() throws IOException {
    Path file = Files.createFile(folder.resolve("output.log"));
    PrintStream out = printTo(file);
    String line = "x".repeat(1023) + "\n";

    for (int i = 0; i < RunOutputStream.MAX_BYTES / 1024; i++) {
      out.print(line);
    }
    out.print("one too many\n");
    out.print("another\n");

    assertThat(Files.size(file)).isEqualTo(RunOutputStream.MAX_BYTES);
    assertThat(pipe.toString(UTF_8)).isEqualTo("one too many\nanother\n");
  }

  @Test
  void whatChildrenPrintCountsToo() throws IOException {
    Path file = Files.createFile(folder.resolve("output.log"));
    PrintStream out = printTo(file);
    Files.write(file, new byte[RunOutputStream.MAX_BYTES]);

    for (int i = 0; i < 1000; i++) {
      out.print("x".repeat(1023) + "\n");
    }

    assertThat(Files.size(file)).isLessThan(RunOutputStream.MAX_BYTES + 100 * 1024);
    assertThat(pipe.size()).isGreaterThan(900 * 1024);
  }

  @Test
  void aFullDiskLeavesThePipe() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));

    printTo(full).print("a line\n");

    assertThat(pipe.toString(UTF_8)).isEqualTo("a line\n");
  }

  @Test
  void withoutAFileAllGoesToThePipe() {
    new PrintStream(new RunOutputStream(null, pipe), true, UTF_8).print("a line\n");
    printTo(folder.resolve("missing")).print("another\n");

    assertThat(pipe.toString(UTF_8)).isEqualTo("a line\nanother\n");
    assertThat(folder.resolve("missing")).doesNotExist();
  }
}
