package dev.sheave.flow.internal;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.Digests;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.PrivateFiles;
import dev.sheave.storage.transfer.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file of a program's uploaded class path that lists its entries in their order, one a line:
 * what is uploaded is found again as it was.
 */
public final class ClassPathFile {
  /** What it is called, in the directory of the code. */
  public static final String NAME = "class-path";

  private static final String FIRST_LINE = "# The class path of the flow, first wins.";

  private ClassPathFile() {}

  /**
   * Writes the list to the cache, by its digest, to be uploaded from there.
   *
   * @param home {@code SHEAVE_HOME}, whose cache it is
   */
  public static Path write(List<RelativePath> entries, Path home) {
    StringBuilder lines = new StringBuilder(FIRST_LINE).append('\n');
    entries.forEach(entry -> lines.append(entry).append('\n'));
    String content = lines.toString();
    Path folder = home.resolve("cache").resolve("class-paths");
    try {
      Path file = folder.resolve(Digests.sha256(content.getBytes(StandardCharsets.UTF_8)));
      if (!Files.exists(file)) {
        PrivateFiles.createFolderIfMissing(folder);
        PrivateFiles.write(file, content);
      }
      return file;
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID,
          "The list of the class path can't be written to '"
              + folder
              + "': "
              + IoReason.of(e)
              + ".",
          e);
    }
  }

  /**
   * Returns the entries of the code in a directory; empty if it isn't an uploaded class path.
   *
   * @throws SheaveException {@code INVALID} if the list can't be read
   */
  public static Optional<List<Path>> read(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      return lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)
          ? Optional.empty()
          : Optional.of(
              lines.stream().skip(1).map(line -> RelativePath.parse(line).in(directory)).toList());
    } catch (IOException e) {
      throw new SheaveException(
          Code.INVALID, "The file '" + file + "' can't be read: " + IoReason.of(e, file) + ".", e);
    }
  }
}
