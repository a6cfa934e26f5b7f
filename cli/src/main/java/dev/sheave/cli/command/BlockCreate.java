package dev.sheave.cli.command;

import dev.sheave.block.Block;
import dev.sheave.block.BlockName;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.Blocks;
import dev.sheave.block.SaveMode;
import dev.sheave.block.internal.FieldAddress;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sheave block create}. */
@picocli.CommandLine.Command(
    description = "Save a new block.",
    footer = {
      "",
      "Secrets are best read from where they are: --set field=@env:VARIABLE, field=@file:PATH or"
          + " field=@- (standard input). A value that starts with @ is written with @@.",
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
      description = "Its name: lowercase letters, numbers, and dashes.")
  String name = "";

  @Option(
      names = "--set",
      paramLabel = "FIELD=VALUE",
      description = "A field's value; may be repeated.")
  List<String> assignments = new ArrayList<>();

  @Option(names = "--overwrite", description = "Replace the values of a block of that name.")
  boolean overwrite;

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    FieldAssignments given = FieldAssignments.read(assignments, terminal);
    BlockName.check(name);
    Blocks blocks = invocation.sheave().blocks();
    Class<? extends Block> blockClass = blocks.registry().blockClass(type);
    ObjectModel model = ObjectModel.of(blockClass);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    given.values().forEach((field, value) -> FieldAddress.of(model, field).set(data, value));
    Block block = blocks.create(type, data);
    remarkOnSecrets(given, blockClass, terminal);
    String reference = type + "/" + name;
    boolean isNew = !overwrite || !blocks.exists(reference);
    Block saved = blocks.save(block, name, overwrite ? SaveMode.OVERWRITE : SaveMode.CREATE);
    terminal.say(
        terminal.in(
            Terminal.Colour.GOOD,
            (isNew ? "Created" : "Updated")
                + " block '"
                + reference
                + "' with id '"
                + saved.identity().orElseThrow().id()
                + "'."));
    return 0;
  }

  private static void remarkOnSecrets(
      FieldAssignments given, Class<? extends Block> blockClass, Terminal terminal) {
    List<String> secrets = new ArrayList<>();
    for (String field : given.plain()) {
      for (String secret : BlockSchema.of(blockClass).secretFields()) {
        if (covers(secret, field)) {
          secrets.add(field);
          break;
        }
      }
    }
    if (!secrets.isEmpty()) {
      terminal.complain(
          terminal.in(
              Terminal.Colour.REMARK,
              "Remark: the value of "
                  + String.join(", ", secrets)
                  + " now stands in your shell's history; --set "
                  + secrets.get(0)
                  + "=@env:VARIABLE, =@file:PATH or =@- keeps it out."));
    }
  }

  /** Whether a field is, holds, or lies in a place of secrets such as {@code settings.*}. */
  private static boolean covers(String secret, String field) {
    String place = secret.endsWith(".*") ? secret.substring(0, secret.length() - 2) : secret;
    return place.equals(field) || place.startsWith(field + ".") || field.startsWith(place + ".");
  }
}
