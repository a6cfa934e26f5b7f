package dev.sheave.cli.command;

import dev.sheave.Sheave;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Page;
import dev.sheave.block.BlockRegistry;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.BlockType;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import dev.sheave.internal.Json;
import dev.sheave.internal.JsonSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** {@code sheave block type inspect}: of this program if it has the type, else of the store. */
@picocli.CommandLine.Command(
    description = "Show a block type, its fields and how to use it.",
    footer = {"", "  $ sheave block type inspect s3"})
final class BlockTypeInspect extends ViewCommand {

  @Parameters(paramLabel = "TYPE", description = "The type, such as s3.")
  String slug = "";

  /** The description of a type, from this program or from the store. */
  private record Shown(
      String name,
      @Nullable String description,
      @Nullable String documentation,
      @Nullable String codeExample,
      Map<String, @Nullable Object> fields,
      List<String> capabilities) {}

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    Sheave sheave = invocation.sheave();
    BlockRegistry registry = sheave.blocks().registry();
    BlockTypeDescriptor here = registry.find(slug).orElse(null);
    BlockTypeRecord stored = sheave.blocks().findType(slug).orElse(null);
    if (here == null && stored == null) {
      throw new KnownTypes(sheave).unknownType(slug);
    }
    Shown shown =
        here != null ? ofClass(registry.blockClass(slug)) : ofRecord(sheave, orThrow(stored));
    if (format == Format.JSON) {
      Map<String, @Nullable Object> json = BlockTypeList.json(here, stored);
      json.put("block_capabilities", shown.capabilities());
      json.put("fields", shown.fields());
      return printJson(terminal, json);
    }
    Table table = new Table("FIELD", "VALUE");
    table.add("Block type", slug);
    table.add("Name", shown.name());
    table.add("Description", shown.description());
    table.add("Documentation", shown.documentation());
    table.add("Capabilities", String.join(", ", shown.capabilities()));
    table.add("Here", here == null ? "no" : "yes");
    table.add("Registered", stored == null ? "no" : stored.id());
    table.print(terminal);
    terminal.say("");
    fields(JsonSchema.of(shown.fields())).print(terminal);
    if (shown.codeExample() != null && !shown.codeExample().isBlank()) {
      terminal.say("");
      terminal.say(CodeExamples.plain(shown.codeExample()));
    }
    return 0;
  }

  private static BlockTypeRecord orThrow(@Nullable BlockTypeRecord type) {
    return Objects.requireNonNull(type);
  }

  private static Shown ofClass(Class<?> type) {
    BlockSchema schema = BlockSchema.of(type);
    BlockType described = type.getAnnotation(BlockType.class);
    return new Shown(
        described.name(),
        described.description(),
        described.documentationUrl(),
        described.codeExample(),
        schema.fields(),
        schema.capabilities());
  }

  private static Shown ofRecord(Sheave sheave, BlockTypeRecord type) {
    Optional<BlockSchemaRecord> newest =
        sheave.api().blocks().listBlockSchemas(type.id(), Page.FIRST).stream().findFirst();
    return new Shown(
        type.name(),
        type.texts().description(),
        type.texts().documentationUrl(),
        type.texts().codeExample(),
        newest.map(BlockSchemaRecord::fields).orElse(Map.of()),
        newest.map(BlockSchemaRecord::capabilities).orElse(List.of()));
  }

  private static Table fields(JsonSchema schema) {
    Table table = new Table("FIELD", "TYPE", "REQUIRED", "DEFAULT", "DESCRIPTION");
    List<String> required = schema.required();
    schema
        .properties()
        .forEach(
            (name, field) ->
                table.add(
                    name,
                    schema.isSecret(name) ? "secret" : typeOf(name, field, schema),
                    required.contains(name) ? "yes" : "no",
                    field.get("default") == null ? null : Json.write(field.get("default")),
                    field.description()));
    return table;
  }

  private static String typeOf(String name, JsonSchema field, JsonSchema schema) {
    boolean isReference =
        schema.get("block_schema_references") instanceof Map<?, ?> references
            && references.get(name) != null;
    if (isReference || field.blockPlace() != null) {
      return "block";
    }
    if (!field.allowed().isEmpty()) {
      return String.join(" | ", field.allowed().stream().map(String::valueOf).toList());
    }
    return switch (String.valueOf(field.get("type"))) {
      case "string" ->
          field.format() != null && !field.isSecret() ? String.valueOf(field.format()) : "string";
      case "integer" -> "whole number";
      case "number" -> "number";
      case "boolean" -> "true or false";
      case "array" -> "list";
      case "object" -> "object";
      default -> "any";
    };
  }
}
