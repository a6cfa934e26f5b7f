package dev.sheave.cli;

import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A user at a prompt, with a home and a directory of their own. */
final class Shell {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private final Path home;
  private final Path directory;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private String input = "";
  private boolean isTerminal;

  Shell(Path folder) throws IOException {
    this.home = folder.resolve("home");
    this.directory = Files.createDirectories(folder.resolve("work"));
    environment.put("SHEAVE_HOME", home.toString());
  }

  Path home() {
    return home;
  }

  Path directory() {
    return directory;
  }

  Shell set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Shell input(String text) {
    this.input = text;
    return this;
  }

  Shell onTerminal() {
    this.isTerminal = true;
    return this;
  }

  Path write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  /** Runs {@code sheave} with the words of a line; quoted words may hold blanks. */
  Result sheave(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        SheaveCommand.run(
            words.toArray(String[]::new),
            Terminal.builder()
                .out(out)
                .err(err)
                .in(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)))
                .environment(environment)
                .directory(directory)
                .isTerminal(isTerminal)
                .build());
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** What a command did. */
  record Result(int code, String out, String err) {

    @Nullable Object json() {
      return Json.parse(out, "the output");
    }

    Map<String, @Nullable Object> jsonObject() {
      return Json.parseObject(out, "the output");
    }

    List<Map<String, @Nullable Object>> jsonList() {
      List<Map<String, @Nullable Object>> list = new ArrayList<>();
      if (!(json() instanceof List<?> entries)) {
        throw new AssertionError("no JSON array: " + out);
      }
      entries.forEach(entry -> list.add(Json.asObject((Map<?, ?>) entry)));
      return list;
    }
  }
}
