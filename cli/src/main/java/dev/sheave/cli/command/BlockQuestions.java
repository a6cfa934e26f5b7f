package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.block.BlockSchema;
import dev.sheave.cli.command.MissingFields.Field;
import dev.sheave.cli.terminal.Prompter;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.cli.terminal.Terminal.Colour;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks a person for a block's fields, again as long as the answer doesn't fit. */
final class BlockQuestions {
  private final Sheave sheave;
  private final Terminal terminal;
  private final Prompter prompter;
  private final MissingFields fields;

  BlockQuestions(Sheave sheave, Terminal terminal, Prompter prompter, MissingFields fields) {
    this.sheave = sheave;
    this.terminal = terminal;
    this.prompter = prompter;
    this.fields = fields;
  }

  /** Asks for the required fields, then for the optional ones. */
  void ask(List<Field> missing, Map<String, @Nullable Object> data) {
    missing.forEach(field -> ask(field, data, true));
    List<Field> optional = fields.optionalIn(data);
    if (optional.isEmpty()) {
      return;
    }
    String names = String.join(", ", optional.stream().map(Field::address).toList());
    String answer = answered(prompter.answer("Set optional fields too (" + names + ")? [y/N] "));
    if (answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
      terminal.say(terminal.in(Colour.FAINT, "An empty line leaves a field out."));
      optional.forEach(field -> ask(field, data, false));
    }
  }

  private void ask(Field field, Map<String, @Nullable Object> data, boolean isNeeded) {
    if (!field.model().description().isEmpty()) {
      terminal.say(terminal.in(Colour.FAINT, field.model().description()));
    }
    List<String> choices = choices(field, isNeeded);
    for (int i = 0; i < choices.size(); i++) {
      terminal.say("  " + (i + 1) + ") " + choices.get(i));
    }
    while (true) {
      String prompt = prompt(field, choices);
      String answer =
          answered(
              fields.isSecret(field) && choices.isEmpty() && fields.blocksIn(field).isEmpty()
                  ? prompter.hiddenAnswer(prompt)
                  : prompter.answer(prompt));
      if (answer.isEmpty()) {
        if (!isNeeded) {
          return;
        }
        complain("'" + field.address() + "' is required.");
        continue;
      }
      try {
        fields.set(data, field, chosen(answer, choices));
        return;
      } catch (SheaveException e) {
        if (e.code() != Code.INVALID) {
          throw e;
        }
        complain(e.getMessage());
      }
    }
  }

  private void complain(String sentence) {
    terminal.complain(terminal.in(Colour.BAD, sentence));
  }

  private static String answered(@Nullable String answer) {
    if (answer == null) {
      throw new SheaveException(
          Code.INTERRUPTED, "The question wasn't answered; nothing was saved.");
    }
    return answer;
  }

  private static String prompt(Field field, List<String> choices) {
    String example = field.model().placeholder();
    return field.address()
        + (choices.isEmpty()
            ? example.isEmpty() ? "" : " (such as " + example + ")"
            : choices.size() == 1 ? " [1]" : " [1-" + choices.size() + "]")
        + ": ";
  }

  /** Returns the choice that a number selects; any other answer as it is. */
  private static String chosen(String answer, List<String> choices) {
    String text = answer.strip();
    if (!choices.isEmpty() && text.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(text);
      if (number < 1 || number > choices.size()) {
        throw new SheaveException(Code.INVALID, number + " isn't a number in the list.");
      }
      return choices.get(number - 1);
    }
    return choices.isEmpty() ? answer : text;
  }

  private List<String> choices(Field field, boolean isNeeded) {
    List<Class<?>> classes = fields.blocksIn(field);
    if (classes.isEmpty()) {
      return field.model().type().choices();
    }
    Set<String> saved = new LinkedHashSet<>();
    for (Class<?> type : classes) {
      saved.addAll(savedBlocks(type));
    }
    if (saved.isEmpty() && isNeeded) {
      String type =
          classes.stream()
              .filter(BlockSchema::isConcrete)
              .map(each -> String.valueOf(BlockSchema.of(each).fields().get("block_type_slug")))
              .findFirst()
              .orElse("TYPE");
      throw new SheaveException(
          Code.NOT_FOUND,
          "No block for '"
              + field.address()
              + "' has been saved yet; create one first with 'sheave block create "
              + type
              + " NAME'.");
    }
    return List.copyOf(saved);
  }

  /** The saved blocks of a class, or with the capabilities of an interface. */
  private List<String> savedBlocks(Class<?> type) {
    BlockDocumentFilter filter =
        BlockSchema.isConcrete(type)
            ? new BlockDocumentFilter(
                Set.of(String.valueOf(BlockSchema.of(type).fields().get("block_type_slug"))),
                Set.of(),
                false)
            : new BlockDocumentFilter(Set.of(), BlockSchema.capabilitiesOf(type), false);
    return ViewCommand.readAll(page -> sheave.blocks().list(filter, page)).stream()
        .map(BlockDocumentRecord::reference)
        .toList();
  }
}
