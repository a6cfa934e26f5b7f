package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.internal.FieldWriter;
import dev.sheave.block.Block;
import dev.sheave.block.BlockName;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.Blocks;
import dev.sheave.block.SaveMode;
import dev.sheave.block.internal.FieldAddress;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.Problems;
import dev.sheave.cli.command.MissingFields.Field;
import dev.sheave.cli.terminal.Prompter;
import dev.sheave.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave block create}. */
@picocli.CommandLine.Command(
    description = "Create a block. On a terminal it asks for missing values.",
    footer = {
      "",
      FieldAssignments.HELP,
      "",
      "  $ sheave block create s3 log-test \\%n"
          + "      --set bucket_path=bucket-full-of-sunshine/flows/log-test \\%n"
          + "      --set aws_access_key_id=@env:AWS_ACCESS_KEY_ID \\%n"
          + "      --set aws_secret_access_key=@env:AWS_SECRET_ACCESS_KEY"
    })
final class BlockCreate extends Command {

  @Parameters(
      index = "0",
      paramLabel = "TYPE",
      description = "The block's type, such as s3; see 'sheave block type ls'.")
  String type = "";

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "The block's name: lowercase letters, numbers, and dashes.")
  String name = "";

  @Option(
      names = "--set",
      paramLabel = "FIELD=VALUE",
      description = "A field's value; may be repeated.")
  List<String> assignments = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "A YAML or JSON file with the values, or the output of 'block inspect -o json'; -"
              + " reads standard input. --set overrides it.")
  @Nullable String from;

  @Option(
      names = "--overwrite",
      description =
          "Replace the values of an existing block. A mask in the file keeps the stored secret.")
  boolean overwrite;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FieldAssignments given = FieldAssignments.parse("--set FIELD=VALUE", assignments);
    if ("-".equals(from) && given.readInput()) {
      throw new UsageException(
          "Standard input can be read only once: for --from, or for a field's value.");
    }
    BlockName.check(name);
    Blocks blocks = invocation.sheave().blocks();
    Class<? extends Block> blockClass = blocks.registry().blockClass(type);
    String reference = type + "/" + name;
    boolean isThere = blocks.exists(reference);
    if (isThere && !overwrite) {
      throw new SheaveException(
          Code.ALREADY_EXISTS,
          "The block '"
              + reference
              + "' already exists; --overwrite replaces its values, 'sheave block set' changes"
              + " some of them.");
    }
    WrittenValues values = read(ObjectModel.of(blockClass), given, invocation);
    Block block =
        isThere && (values.hasMasks() || values.updated() != null)
            ? blocks.replace(current(blocks, reference, values.updated()), values.data())
            : blocks.create(type, values.data());
    given.warnOfSecrets(BlockSchema.of(blockClass).secretFields(), terminal);
    Block saved = blocks.save(block, name, overwrite ? SaveMode.OVERWRITE : SaveMode.CREATE);
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD,
            (isThere ? "Updated" : "Created")
                + " block '"
                + reference
                + "' with id '"
                + saved.identity().orElseThrow().id()
                + "'."));
    return 0;
  }

  /** Collects the values from the file, the command line and the answers. */
  private WrittenValues read(ObjectModel model, FieldAssignments given, Invocation invocation) {
    Terminal terminal = invocation.terminal();
    WrittenValues values =
        from == null
            ? WrittenValues.none()
            : WrittenValues.read(from, BlockSchema.of(model.type()).fields(), terminal);
    // names first: they are checked before a person is asked
    Problems problems = new Problems();
    List<String> names = List.copyOf(values.data().keySet());
    names.forEach(field -> problems.check(field, () -> FieldAddress.of(model, field)));
    given
        .values(terminal)
        .forEach(
            (field, value) ->
                problems.check(
                    field, () -> FieldAddress.of(model, field).set(values.data(), value)));
    MissingFields fields = new MissingFields(model);
    List<Field> missing = fields.in(values.data());
    if (!problems.isEmpty()) {
      fields.addTo(problems, missing);
      problems.throwIfAny();
    }
    if (!missing.isEmpty()) {
      Optional<Prompter> prompter = terminal.prompter();
      if (prompter.isEmpty() || "-".equals(from) || given.readInput()) {
        throw fields.error(missing);
      }
      new BlockQuestions(invocation.sheave(), terminal, prompter.get(), fields)
          .ask(missing, values.data());
    }
    return values;
  }

  /** Returns the block to replace, if it hasn't been changed since it was inspected. */
  private static Block current(Blocks blocks, String reference, @Nullable String updated) {
    BlockDocumentRecord document = blocks.document(reference);
    if (updated != null && !updated.equals(FieldWriter.time(document.updated()))) {
      throw new SheaveException(
          Code.CONFLICT,
          "The block '"
              + reference
              + "' was changed after this file was created from it; inspect it again and repeat"
              + " your change.");
    }
    return blocks.load(reference);
  }
}
