package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockDocumentRecord.Reference;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.internal.AllPages;
import dev.sheave.block.Block;
import dev.sheave.block.BlockName;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.internal.DocumentReference;
import dev.sheave.internal.JsonSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages of blocks and their types. */
final class BlockPages {
  private static final String SECTION = "/blocks";

  /** How many blocks a page of the list has. */
  private static final int ROWS = 50;

  private final Sheave sheave;
  private final BlockApi api;
  private final Views views;
  private final BlockTypes types;

  private BlockPages(Sheave sheave, Views views) {
    this.sheave = sheave;
    this.api = sheave.api().blocks();
    this.views = views;
    this.types = new BlockTypes(sheave);
  }

  static void add(PageRoutes routes, Sheave sheave, Views views) {
    BlockPages pages = new BlockPages(sheave, views);
    routes
        .get("/blocks", pages::list)
        .get("/blocks/catalog", pages::catalog)
        .get("/blocks/types/{slug}/new", pages::newBlock)
        .post("/blocks/types/{slug}/new", pages::create)
        .get("/blocks/{slug}/{name}", pages::details)
        .get("/blocks/{slug}/{name}/edit", pages::edit)
        .post("/blocks/{slug}/{name}/edit", pages::update)
        .get("/blocks/{slug}/{name}/check", pages::askCheck)
        .post("/blocks/{slug}/{name}/check", pages::check)
        .get("/blocks/{slug}/{name}/delete", pages::askDelete)
        .post("/blocks/{slug}/{name}/delete", pages::delete)
        .get("/logos/{slug}", pages::logo);
  }

  private PageReply logo(PageCall call) {
    PageReply logo = types.logo(call.text("slug"));
    return logo == null ? PageReply.text(404, "This block type has no logo.") : logo;
  }

  /**
   * The list of blocks.
   *
   * @param blocks those that match, on this page
   * @param types the types that can be picked, by slug
   * @param capabilities the capabilities that can be picked
   * @param search what is searched for
   * @param type the type that is picked; empty for all
   * @param capability the capability that is picked; empty for all
   * @param isEmpty whether there are no blocks at all
   * @param filters the filters of the address
   * @param page the page, counted from 0
   * @param total how many match
   */
  record Listed(
      List<Entry> blocks,
      Map<String, String> types,
      Set<String> capabilities,
      String search,
      String type,
      String capability,
      boolean isEmpty,
      FormValues filters,
      int page,
      int total) {
    boolean hasNext() {
      return (page + 1) * ROWS < total;
    }
  }

  /** A block in the list: {@code usedBy} says how many deployments, blocks and runs use it. */
  record Entry(BlockDocumentRecord block, BlockTypes.Shown type, int usedBy) {}

  private PageReply list(PageCall call) {
    String search = call.query().text("q").toLowerCase(Locale.ROOT);
    String slug = call.query().text("type");
    String capability = call.query().text("capability");
    List<BlockDocumentRecord> all =
        AllPages.read(page -> api.listBlockDocuments(BlockDocumentFilter.NAMED, page, false));
    Map<String, BlockTypes.Shown> known = new LinkedHashMap<>();
    all.forEach(
        block -> known.computeIfAbsent(block.blockSchema().blockType().slug(), types::read));
    List<BlockDocumentRecord> matching =
        all.stream()
            .filter(block -> block.reference().contains(search))
            .filter(block -> slug.isEmpty() || block.blockSchema().blockType().slug().equals(slug))
            .filter(
                block ->
                    capability.isEmpty() || block.blockSchema().capabilities().contains(capability))
            .toList();
    int page = call.query().page(ROWS);
    List<Entry> shown =
        matching.stream()
            .skip((long) page * ROWS)
            .limit(ROWS)
            .map(
                block ->
                    new Entry(
                        block, typeOf(known, block), api.usersOfBlockDocument(block.id()).size()))
            .toList();
    return views.page(
        call,
        "Blocks",
        SECTION,
        "blocks",
        new Listed(
            shown,
            known.values().stream()
                .collect(
                    Collectors.toMap(
                        BlockTypes.Shown::slug,
                        BlockTypes.Shown::name,
                        (one, other) -> one,
                        TreeMap::new)),
            all.stream()
                .flatMap(block -> block.blockSchema().capabilities().stream())
                .collect(Collectors.toCollection(TreeSet::new)),
            call.query().text("q"),
            slug,
            capability,
            all.isEmpty(),
            call.query(),
            page,
            matching.size()));
  }

  private BlockTypes.Shown typeOf(Map<String, BlockTypes.Shown> known, BlockDocumentRecord block) {
    return Objects.requireNonNull(known.get(block.blockSchema().blockType().slug()));
  }

  /**
   * The catalog.
   *
   * @param types the types that match
   * @param capabilities the capabilities that can be picked
   * @param search what is searched for
   * @param capability the capability that is picked; empty for all
   */
  record Catalog(
      List<BlockTypes.Shown> types, Set<String> capabilities, String search, String capability) {}

  private PageReply catalog(PageCall call) {
    String search = call.query().text("q").toLowerCase(Locale.ROOT);
    String capability = call.query().text("capability");
    List<BlockTypes.Shown> all = types.all();
    List<BlockTypes.Shown> shown =
        all.stream()
            .filter(
                type ->
                    (type.slug() + " " + type.name() + " " + type.description())
                        .toLowerCase(Locale.ROOT)
                        .contains(search))
            .filter(type -> capability.isEmpty() || type.capabilities().contains(capability))
            .toList();
    return views.page(
        call,
        "Choose a block type",
        SECTION,
        "catalog",
        new Catalog(shown, BlockTypes.capabilities(all), call.query().text("q"), capability));
  }

  /**
   * A form of a block.
   *
   * @param type its type
   * @param name its name
   * @param isNew whether it is to be created
   * @param fields its fields
   * @param nameErrors what is wrong with the name
   * @param summary what is wrong with the whole; empty for nothing
   * @param updated when the stored block was last changed; empty for a new one
   */
  record BlockForm(
      BlockTypes.Shown type,
      String name,
      boolean isNew,
      List<SchemaForm.Field> fields,
      List<String> nameErrors,
      String summary,
      String updated) {}

  private SchemaForm form(BlockTypes.Shown type, FormValues values) {
    return new SchemaForm(
        JsonSchema.of(type.fields()),
        values,
        types::candidates,
        reference -> type.isHere() ? reference : documentReference(reference));
  }

  private Object documentReference(String reference) {
    return DocumentReference.to(sheave.blocks().document(reference).id());
  }

  private BlockTypes.Shown usable(String slug) {
    BlockTypes.Shown type = types.read(slug);
    if (!type.isUsable()) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The block type '" + slug + "' has no schema yet; register it with its program.");
    }
    return type;
  }

  private PageReply newBlock(PageCall call) {
    BlockTypes.Shown type = usable(call.text("slug"));
    SchemaForm form = form(type, new FormValues());
    form.fill();
    return formPage(
        call, 200, new BlockForm(type, "", true, form.fields(List.of()), List.of(), "", ""));
  }

  private PageReply formPage(PageCall call, int status, BlockForm form) {
    String title = form.isNew() ? "New " + form.type().name() + " block" : "Edit " + form.name();
    return views.page(call, status, title, SECTION, "blockform", form);
  }

  private PageReply create(PageCall call) {
    BlockTypes.Shown type = usable(call.text("slug"));
    SchemaForm form = form(type, call.form());
    String name = call.form().text("name");
    Map<String, @Nullable Object> data = form.read(Map.of());
    List<Problem> problems = new ArrayList<>(form.problems());
    List<String> nameErrors = new ArrayList<>();
    try {
      BlockName.check(name);
    } catch (SheaveException e) {
      nameErrors.add(name.isEmpty() ? "Enter a name." : e.getMessage());
    }
    if (nameErrors.isEmpty() && sheave.blocks().exists(type.slug() + "/" + name)) {
      nameErrors.add("A block '" + type.slug() + "/" + name + "' exists already.");
    }
    String summary = "";
    try {
      Block block = type.isHere() ? sheave.blocks().create(type.slug(), data) : null;
      if (problems.isEmpty() && nameErrors.isEmpty()) {
        if (block == null) {
          api.createBlockDocument(new NewBlockDocument(name, schemaOf(type).id(), data, false));
        } else {
          sheave.blocks().save(block, name, SaveMode.CREATE);
        }
        return PageReply.redirect(call.url("/blocks/" + type.slug() + "/" + name))
            .withNotice("The block '" + type.slug() + "/" + name + "' was created.");
      }
    } catch (SheaveException e) {
      summary = collect(e, problems);
    }
    int wrong = problems.size() + nameErrors.size();
    return formPage(
        call,
        422,
        new BlockForm(
            type,
            name,
            true,
            form.fields(problems),
            nameErrors,
            refusal("saved", summary, wrong),
            ""));
  }

  /** Adds what an exception says to the problems beside fields; returns what is left. */
  static String collect(SheaveException error, List<Problem> problems) {
    if (error.code() == Code.UNAVAILABLE || error.code() == Code.INTERNAL) {
      throw error;
    }
    Set<String> told = problems.stream().map(Problem::path).collect(Collectors.toSet());
    List<String> rest = new ArrayList<>();
    for (Problem problem : error.problems()) {
      if (problem.path().isEmpty()) {
        rest.add(problem.message());
      } else if (!told.contains(problem.path())) {
        problems.add(problem);
      }
    }
    return String.join(" ", rest);
  }

  /**
   * What is said of a form that is refused.
   *
   * @param done what wasn't done
   * @param summary what is wrong with the whole; empty for nothing
   * @param wrongFields how many fields are wrong
   */
  static String refusal(String done, String summary, int wrongFields) {
    return summary.isEmpty()
        ? "Nothing was " + done + ": " + Show.count(wrongFields, "field") + " must be mended."
        : summary;
  }

  private BlockSchemaRecord schemaOf(BlockTypes.Shown type) {
    BlockTypeRecord record = sheave.blocks().findType(type.slug()).orElseThrow();
    return types.newestSchema(record).orElseThrow();
  }

  private BlockDocumentRecord document(PageCall call) {
    return sheave.blocks().document(call.text("slug") + "/" + call.text("name"));
  }

  /** The schema of a block's class if it is here, else the one that the block was saved under. */
  private BlockTypes.Shown typeOf(BlockDocumentRecord document) {
    BlockTypes.Shown type = types.read(document.blockSchema().blockType().slug());
    return type.isHere()
        ? type
        : new BlockTypes.Shown(
            type.slug(),
            type.name(),
            type.description(),
            document.blockSchema().capabilities(),
            document.blockSchema().fields(),
            false,
            null,
            type.documentation(),
            type.example(),
            type.hasLogo());
  }

  private PageReply edit(PageCall call) {
    BlockDocumentRecord document = document(call);
    BlockTypes.Shown type = typeOf(document);
    SchemaForm form = form(type, new FormValues());
    form.fill(document.data(), document.references());
    return formPage(
        call,
        200,
        new BlockForm(
            type,
            document.name(),
            false,
            form.fields(List.of()),
            List.of(),
            "",
            document.updated().toString()));
  }

  private PageReply update(PageCall call) {
    BlockDocumentRecord document = document(call);
    BlockTypes.Shown type = typeOf(document);
    SchemaForm form = form(type, call.form());
    Map<String, @Nullable Object> data = form.read(withReferences(type, document));
    List<Problem> problems = new ArrayList<>(form.problems());
    String updated = call.form().text("updated");
    String summary = "";
    try {
      if (!document.updated().toString().equals(updated)) {
        throw new SheaveException(
            Code.CONFLICT,
            "Somebody else changed this block after you opened it. Open it again in another tab to"
                + " see the change; what you typed is still here.");
      }
      if (type.isHere()) {
        Block stored = sheave.blocks().load(document.reference());
        Block changed = sheave.blocks().replace(stored, data);
        if (problems.isEmpty()) {
          sheave.blocks().save(changed, document.name(), SaveMode.OVERWRITE);
        }
      } else if (problems.isEmpty()) {
        api.updateBlockDocument(
            document.id(), document.blockSchema().id(), data, false, document.updated());
      }
      if (problems.isEmpty()) {
        return PageReply.redirect(call.url("/blocks/" + document.reference()))
            .withNotice("The block was saved.");
      }
    } catch (SheaveException e) {
      summary = collect(e, problems);
    }
    return formPage(
        call,
        422,
        new BlockForm(
            type,
            document.name(),
            false,
            form.fields(problems),
            List.of(),
            refusal("saved", summary, problems.size()),
            updated));
  }

  /** The stored values that no field shows; a type's class refuses those that it doesn't have. */
  private Map<String, @Nullable Object> withReferences(
      BlockTypes.Shown type, BlockDocumentRecord document) {
    if (type.isHere()) {
      return Map.of();
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>(document.data());
    document
        .references()
        .forEach(
            (path, target) ->
                data.computeIfPresent(path, (name, value) -> DocumentReference.to(target.id())));
    return data;
  }

  /**
   * The page of a block.
   *
   * @param block the block
   * @param type its type
   * @param values its values
   * @param samples how it is used
   * @param users what uses it
   * @param canCheck whether it has a connection that can be tried
   * @param trial what came of trying it; null if that wasn't asked for
   */
  record Details(
      BlockDocumentRecord block,
      BlockTypes.Shown type,
      List<Value> values,
      List<Sample> samples,
      List<User> users,
      boolean canCheck,
      @Nullable BlockTrial trial) {}

  /**
   * A value.
   *
   * @param label what it is called
   * @param text what it is, as text; masked if it is secret
   * @param block the block that it refers to, if any
   */
  record Value(String label, String text, @Nullable String block) {}

  /** Code that uses a block. */
  record Sample(String language, String code) {}

  /** What uses a block, and its page, if it has one. */
  record User(String text, @Nullable String path) {}

  private PageReply details(PageCall call) {
    return details(call, document(call), null);
  }

  /** Who loads the address of a check again sees the block. */
  private PageReply askCheck(PageCall call) {
    return PageReply.redirect(call.url("/blocks/" + document(call).reference()));
  }

  private PageReply check(PageCall call) {
    BlockDocumentRecord block = document(call);
    if (!canCheck(block)) {
      throw new SheaveException(
          Code.UNSUPPORTED, "The block '" + block.reference() + "' has no connection.");
    }
    return details(call, block, BlockTrial.of(sheave.blocks().load(block.reference())));
  }

  private boolean canCheck(BlockDocumentRecord block) {
    String slug = block.blockSchema().blockType().slug();
    return sheave.blocks().registry().find(slug).isPresent()
        && BlockTrial.isPossible(sheave.blocks().registry().blockClass(slug));
  }

  private PageReply details(PageCall call, BlockDocumentRecord block, @Nullable BlockTrial trial) {
    BlockTypes.Shown type = typeOf(block);
    return views.page(
        call,
        block.reference(),
        SECTION,
        "block",
        new Details(
            block,
            type,
            values(block, type),
            samples(block, type),
            users(block),
            canCheck(block),
            trial));
  }

  private static List<Value> values(BlockDocumentRecord block, BlockTypes.Shown type) {
    JsonSchema schema = JsonSchema.of(type.fields());
    Set<String> names = new LinkedHashSet<>(schema.propertyNames());
    names.addAll(block.data().keySet());
    List<Value> values = new ArrayList<>();
    for (String name : names) {
      Reference target = block.references().get(name);
      Object value = block.data().get(name);
      String title = schema.property(name).title();
      values.add(
          new Value(
              title == null ? name : title,
              target != null && !target.isAnonymous()
                  ? target.slug() + "/" + target.name()
                  : Show.value(
                      value != null && schema.isSecret(name) && value instanceof String
                          ? Secret.MASK
                          : value),
              target == null || target.isAnonymous() ? null : target.slug() + "/" + target.name()));
    }
    return values;
  }

  private static List<Sample> samples(BlockDocumentRecord block, BlockTypes.Shown type) {
    String reference = block.reference();
    String example = type.example() == null ? "" : type.example();
    String code =
        example
            .lines()
            .filter(line -> !line.startsWith("```"))
            .collect(Collectors.joining("\n"))
            .replace("BLOCK_NAME", block.name())
            .strip();
    boolean isPython = example.contains("```python");
    List<String> commands = new ArrayList<>(List.of("sheave block inspect " + reference));
    if (type.capabilities().contains("put-directory")) {
      commands.add(
          "sheave deployment build ./LogFlow.java:logFlow -n log-flow -sb "
              + reference
              + " --apply");
    }
    if (type.capabilities().contains("run-infrastructure")) {
      commands.add(
          "sheave deployment build ./LogFlow.java:logFlow -n log-flow -ib "
              + reference
              + " --apply");
    }
    return List.of(
        new Sample(
            "Java",
            isPython || code.isEmpty() ? "Block block = Block.load(\"" + reference + "\");" : code),
        new Sample("Command line", String.join("\n", commands)),
        new Sample(
            "Python",
            isPython
                ? code
                : "from prefect.blocks.core import Block\n\nblock = Block.load(\""
                    + reference
                    + "\")"));
  }

  private List<User> users(BlockDocumentRecord block) {
    return api.usersOfBlockDocument(block.id()).stream()
        .map(
            user ->
                new User(
                    user,
                    user.startsWith("deployment ")
                        ? "/deployments/" + inPath(user.substring("deployment ".length()))
                        : user.startsWith("block ")
                            ? "/blocks/" + inPath(user.substring("block ".length()))
                            : null))
        .toList();
  }

  /** {@code flow/name} in an address. */
  private static String inPath(String name) {
    return PageCall.encoded(name).replaceFirst("%2F", "/");
  }

  private PageReply askDelete(PageCall call) {
    BlockDocumentRecord block = document(call);
    List<User> users = users(block);
    return views.page(
        call,
        "Delete " + block.reference(),
        SECTION,
        "delete",
        new Deletion(
            block.reference(),
            users.isEmpty()
                ? "Nothing uses this block."
                : "These use it, and would lose it; runs that need it would fail:",
            users,
            "/blocks/" + block.reference()));
  }

  private PageReply delete(PageCall call) {
    BlockDocumentRecord block = document(call);
    api.deleteBlockDocument(block.id(), true);
    return PageReply.redirect(call.url(SECTION))
        .withNotice("The block '" + block.reference() + "' was deleted.");
  }
}
