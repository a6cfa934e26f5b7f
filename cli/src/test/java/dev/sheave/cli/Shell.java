package dev.sheave.cli;

import dev.sheave.cli.terminal.Prompter;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
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
  private InputStream stream = InputStream.nullInputStream();
  private boolean isTerminal;
  private @Nullable ScriptedPrompter prompter;

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
    return input(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  Shell input(InputStream value) {
    this.stream = value;
    return this;
  }

  Shell onTerminal() {
    this.isTerminal = true;
    return this;
  }

  /** Somebody sits there who gives these answers, one by one, and then none. */
  Shell answering(String... answers) {
    this.isTerminal = true;
    this.prompter = new ScriptedPrompter(List.of(answers));
    return this;
  }

  /** What was asked; {@code *} follows a question whose answer isn't shown. */
  List<String> questions() {
    return prompter == null ? List.of() : prompter.questions;
  }

  private static final class ScriptedPrompter implements Prompter {
    private final Iterator<String> answers;
    private final List<String> questions = new ArrayList<>();

    ScriptedPrompter(List<String> answers) {
      this.answers = answers.iterator();
    }

    @Override
    public @Nullable String answer(String prompt) {
      questions.add(prompt);
      return answers.hasNext() ? answers.next() : null;
    }

    @Override
    public @Nullable String hiddenAnswer(String prompt) {
      questions.add(prompt + "*");
      return answers.hasNext() ? answers.next() : null;
    }
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
    return run(words.toArray(String[]::new));
  }

  /** The values of a block as programs see them. */
  Map<String, @Nullable Object> data(String reference) {
    Result inspected = run("block", "inspect", "-o", "json", reference);
    if (inspected.jsonObject().get("data") instanceof Map<?, ?> data) {
      return Json.asObject(data);
    }
    throw new AssertionError(inspected.toString());
  }

  /** Runs {@code sheave} with words that may hold anything. */
  Result run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        SheaveCommand.run(
            words,
            Terminal.builder()
                .out(out)
                .err(err)
                .in(stream)
                .prompter(() -> prompter)
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
