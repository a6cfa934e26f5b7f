package dev.sheave.cli.command;

import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.internal.BlockJson;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.cli.terminal.Table;
import dev.sheave.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code sheave block type ls}: the types of this program, and those that the store knows. */
@picocli.CommandLine.Command(
    description = "List the block types.",
    footer = {"", "  $ sheave block type ls --capability put-directory"})
final class BlockTypeList extends ViewCommand {

  @Option(
      names = "--capability",
      paramLabel = "CAPABILITY",
      description = "Only types with this capability, such as put-directory; may be repeated.")
  List<String> capabilities = new ArrayList<>();

  @Override
  public int run(Invocation invocation) {
    Terminal terminal = invocation.terminal();
    var sheave = invocation.sheave();
    KnownTypes known = new KnownTypes(sheave);
    known.warnOfProblems(terminal);
    known.checkCapabilities(capabilities);
    Set<String> wanted = new TreeSet<>(capabilities);
    Map<String, BlockTypeDescriptor> here = new TreeMap<>();
    for (BlockTypeDescriptor type : sheave.blocks().registry().types()) {
      if (type.capabilities().containsAll(wanted)) {
        here.put(type.slug(), type);
      }
    }
    BlockApi api = sheave.api().blocks();
    Map<String, BlockTypeRecord> stored = new TreeMap<>();
    readAll(page -> api.listBlockTypes(wanted, page))
        .forEach(type -> stored.put(type.slug(), type));
    Set<String> slugs = new TreeSet<>(here.keySet());
    slugs.addAll(stored.keySet());
    if (format == Format.JSON) {
      List<Object> json = new ArrayList<>();
      slugs.forEach(slug -> json.add(json(here.get(slug), stored.get(slug))));
      return printJson(terminal, json);
    }
    if (slugs.isEmpty()) {
      terminal.complain("No block type has all of these capabilities.");
      return 0;
    }
    Table table = new Table("TYPE", "NAME", "CAPABILITIES", "HERE");
    for (String slug : slugs) {
      BlockTypeDescriptor type = here.get(slug);
      BlockTypeRecord record = stored.get(slug);
      table.add(
          slug,
          type != null ? type.name() : record != null ? record.name() : null,
          type == null ? null : String.join(", ", new TreeSet<>(type.capabilities())),
          type == null ? "no" : "yes");
    }
    table.print(terminal);
    return 0;
  }

  static Map<String, @Nullable Object> json(
      @Nullable BlockTypeDescriptor here, @Nullable BlockTypeRecord stored) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    if (stored != null) {
      json.putAll(BlockJson.TYPE.toJson(stored));
    } else if (here != null) {
      json.put("id", null);
      json.put("name", here.name());
      json.put("slug", here.slug());
    }
    json.put(
        "block_capabilities",
        here == null ? null : List.copyOf(new TreeSet<>(here.capabilities())));
    json.put("is_here", here != null);
    return json;
  }
}
