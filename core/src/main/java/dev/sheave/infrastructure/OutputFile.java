package dev.sheave.infrastructure;

import dev.sheave.infrastructure.internal.RunOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file that what a process prints goes to: {@value RunOutputStream#MAX_BYTES} bytes of it, or
 * little more, and a line that says so where it was cut. What comes after that is thrown away, and
 * so is what doesn't fit on the disk; the process never waits for either.
 *
 * <p>A small process writes it, since who started the run may die, and the run's process can't be
 * asked to count what it and its children print. A flow's own lines needn't go through it: see
 * {@link RunOutputStream}. On systems without a shell it isn't bounded.
 */
final class OutputFile {
  private static final Path SHELL = Path.of("/bin/sh");

  /**
   * Its arguments: the file, the bound, the file that says that the output is there as a whole, and
   * the bound in blocks of 512 bytes. The limit of a process on the size of files ends the copying;
   * a disk that is full interrupts it.
   */
  private static final String SCRIPT =
      """
      ulimit -c 0
      until (ulimit -S -f "$4" || :; exec cat) >>"$1"; do
        if [ "$(wc -c <"$1")" -ge "$2" ]; then
          printf '\\n[Sheave keeps %s bytes of what a run prints; the rest is left out.]\\n' "$2" >>"$1"
          : >"$3"
          exec cat >/dev/null
        fi
        until printf '\\n[Some output is missing here: it could not be written.]\\n' >>"$1"; do
          [ "$(dd bs=65536 count=1 | wc -c)" -gt 0 ] || break 2
        done
      done 2>/dev/null
      : >"$3"
      """;

  private OutputFile() {}

  /**
   * Returns what writes to a file what it reads; empty on systems without a shell.
   *
   * @param end the file that it makes when there is nothing more to write
   */
  static Optional<ProcessBuilder> writer(Path file, Path end) throws IOException {
    if (!Files.isExecutable(SHELL)) {
      return Optional.empty();
    }
    if (!Files.exists(file)) {
      Files.createFile(file); // the one who follows it may be faster
    }
    List<String> command = new ArrayList<>(SessionCommand.prefix());
    command.addAll(
        List.of(
            SHELL.toString(),
            "-c",
            SCRIPT,
            "sheave-output",
            file.toString(),
            Integer.toString(RunOutputStream.MAX_BYTES),
            end.toString(),
            Integer.toString(RunOutputStream.MAX_BYTES / 512)));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(List.of("PATH"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return Optional.of(builder);
  }
}
