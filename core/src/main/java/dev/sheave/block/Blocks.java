package dev.sheave.block;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockApi.NewBlockDocument;
import dev.sheave.api.BlockDocumentRecord;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Page;
import dev.sheave.block.BlockCodec.Unknown;
import dev.sheave.block.BlockCodec.Values;
import dev.sheave.block.internal.ClassSchema;
import dev.sheave.block.internal.FieldAddress;
import dev.sheave.block.internal.JavaToJson;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.ParameterSchema;
import dev.sheave.block.internal.Problems;
import dev.sheave.block.internal.ReadContext;
import dev.sheave.internal.Arguments;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.SheaveOnly;
import dev.sheave.internal.Suggestions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads, saves and lists blocks over one connection; the static methods of {@link Block} use it.
 * Safe for use by several threads.
 */
public final class Blocks {
  private final BlockApi api;
  private final BlockRegistry registry;
  private final BlockCodec codec;
  private final BlockRegistration registration;
  private final boolean rewritesTexts;

  /** Classes that the program has loaded or saved blocks of, by slug. */
  private final Map<String, Class<? extends Block>> used = new ConcurrentHashMap<>();

  /** The schemas that the store is known to have, so that each is looked up once. */
  private final Map<Class<?>, BlockSchemaRecord> schemas = new ConcurrentHashMap<>();

  /**
   * Creates an instance for a store's documents and the block types of a registry.
   *
   * @param pass this is for Sheave alone; programs have {@code Sheave.blocks()}
   */
  public Blocks(SheaveOnly pass, BlockApi api, BlockRegistry registry) {
    this(pass, api, registry, true);
  }

  /**
   * Creates an instance for a store's documents and the block types of a registry.
   *
   * @param pass this is for Sheave alone; programs have {@code Sheave.blocks()}
   * @param rewritesTexts whether {@link #register} changes the names and descriptions of types that
   *     the store has; those on a server are for all its clients, and not for one to change
   */
  public Blocks(SheaveOnly pass, BlockApi api, BlockRegistry registry, boolean rewritesTexts) {
    Arguments.notNull(pass, "pass");
    this.rewritesTexts = rewritesTexts;
    this.api = api;
    this.registry = registry;
    this.codec = new BlockCodec(this);
    this.registration = new BlockRegistration(api);
  }

  /** Returns these blocks for code that has other block types, such as a flow's. */
  public Blocks withTypes(BlockRegistry types) {
    return new Blocks(SheaveOnly.PASS, api, Arguments.notNull(types, "types"), rewritesTexts);
  }

  /** Returns the blocks of this store with the block types that other blocks have. */
  public Blocks withTypesOf(Blocks other) {
    if (Arguments.notNull(other, "other").api == api) {
      return other;
    }
    Blocks these = withTypes(other.registry);
    these.used.putAll(other.used);
    return these;
  }

  /** The block types of this program. */
  public BlockRegistry registry() {
    return registry;
  }

  /** Loads a block of any type, see {@link Block#load(String)}. */
  public Block load(String reference) {
    return codec.read(document(reference, true));
  }

  /** Loads a block of a class, see {@link Block#load(String, Class)}. */
  public <B> B load(String reference, Class<B> type) {
    if (BlockSchema.isConcrete(Arguments.require(type, "The class of a block"))) {
      return type.cast(loadOf(type.asSubclass(Block.class), reference));
    }
    if (!type.isInterface() && !Block.class.isAssignableFrom(type)) {
      throw new SheaveException(
          Code.INVALID,
          type.getSimpleName()
              + " isn't a block class; name one that extends Block, or an interface of blocks such"
              + " as WritableFileSystem.");
    }
    Block block = load(reference);
    if (!type.isInstance(block)) {
      Set<String> missing = new TreeSet<>(BlockSchema.capabilitiesOf(type));
      missing.removeAll(BlockSchema.capabilitiesOf(block.getClass()));
      throw new SheaveException(
          Code.INVALID,
          "'"
              + reference
              + "' can't be loaded as "
              + type.getSimpleName()
              + (missing.isEmpty()
                  ? ", since its class is " + block.getClass().getSimpleName() + "."
                  : ": its type '"
                      + block.slug()
                      + (missing.size() == 1
                          ? "' lacks the capability '"
                          : "' lacks the capabilities '")
                      + String.join("' and '", missing)
                      + "'."));
    }
    return type.cast(block);
  }

  private <B extends Block> B loadOf(Class<B> type, String reference) {
    String slug = ClassSchema.typeOf(type).slug();
    BlockReference parsed =
        Arguments.require(reference, "A block reference such as 's3/log-test'").indexOf('/') < 0
            ? new BlockReference(slug, reference)
            : BlockReference.parse(reference);
    if (!parsed.slug().equals(slug)) {
      throw new SheaveException(
          Code.INVALID,
          "'"
              + reference
              + "' can't be loaded as "
              + type.getSimpleName()
              + ", whose block type is '"
              + slug
              + "'.");
    }
    B block = codec.read(document(parsed, true), type);
    used.put(slug, type);
    return block;
  }

  /**
   * Returns the class of a block type: the one that its place names, registered or not; or else the
   * registered one; or else one that the program has loaded or saved a block of.
   *
   * @param expected the type of the place, such as a field or a parameter
   * @throws SheaveException {@code UNSUPPORTED} if none exists
   */
  Class<? extends Block> classOf(Class<?> expected, String slug) {
    for (Class<?> named :
        expected.isSealed() ? expected.getPermittedSubclasses() : only(expected)) {
      if (BlockSchema.isConcrete(named)
          && slug.equals(ClassSchema.typeOf(named.asSubclass(Block.class)).slug())) {
        used.put(slug, named.asSubclass(Block.class));
        return named.asSubclass(Block.class);
      }
    }
    return classOf(slug);
  }

  private static Class<?>[] only(Class<?> type) {
    return new Class<?>[] {type};
  }

  private Class<? extends Block> classOf(String slug) {
    Class<? extends Block> known = used.get(slug);
    return known == null || registry.find(slug).isPresent() ? registry.blockClass(slug) : known;
  }

  /**
   * Checks that a saved block is in this connection's store.
   *
   * @throws SheaveException {@code INVALID} if it belongs to another connection and isn't in this
   *     store
   */
  public void checkIsHere(Block block) {
    Blocks owner = Arguments.notNull(block, "block").owner();
    Optional<Block.Identity> identity = block.identity();
    if (owner == null || owner.api == api || identity.isEmpty()) {
      return;
    }
    try {
      api.readBlockDocument(identity.get().id(), false);
    } catch (SheaveException e) {
      throw e.code() == Code.NOT_FOUND
          ? new SheaveException(
              Code.INVALID,
              "The block '"
                  + block.displayName()
                  + "' belongs to another connection; save it through this one first.",
              e)
          : e;
    }
  }

  /** Loads the block of a document's id. */
  public Block load(UUID id) {
    Arguments.notNull(id, "id");
    return codec.read(api.readBlockDocument(id, true));
  }

  /** Returns whether a block exists. */
  public boolean exists(String reference) {
    BlockReference parsed = BlockReference.parse(reference);
    return api.findBlockDocument(parsed.slug(), parsed.name(), false).isPresent();
  }

  /**
   * Reads a block's document, its secrets masked.
   *
   * @throws SheaveException {@code NOT_FOUND}, with the nearest name, if it doesn't exist
   */
  public BlockDocumentRecord document(String reference) {
    return document(reference, false);
  }

  /**
   * Reads the document that a value refers to by its id, its secrets masked.
   *
   * @param path names the value in the message
   * @throws SheaveException {@code INVALID} if there is none
   */
  public BlockDocumentRecord document(UUID id, String path) {
    Arguments.notNull(id, "id");
    Arguments.notNull(path, "path");
    return document(id, path, false);
  }

  private BlockDocumentRecord document(UUID id, String path, boolean includeSecrets) {
    try {
      return api.readBlockDocument(id, includeSecrets);
    } catch (SheaveException e) {
      throw e.code() == Code.NOT_FOUND
          ? new SheaveException(
              Code.INVALID,
              "'"
                  + path
                  + "' refers to the block "
                  + id
                  + ", which doesn't exist in this store; give its value again.",
              e)
          : e;
    }
  }

  /** Loads the block that a value refers to by its name, for a place of a type. */
  Block loadAs(Class<?> expected, String reference) {
    return codec.read(expected, document(reference, true));
  }

  /** Loads the block that a value refers to by its id, for a place of a type. */
  Block loadAs(Class<?> expected, UUID id, String path) {
    return codec.read(expected, document(id, path, true));
  }

  /** Returns what reads the parameters of a run: for flows and the engine. */
  public ReadContext parameters() {
    return codec.parameters();
  }

  private BlockDocumentRecord document(String reference, boolean includeSecrets) {
    return document(BlockReference.parse(reference), includeSecrets);
  }

  private BlockDocumentRecord document(BlockReference reference, boolean includeSecrets) {
    return api.findBlockDocument(reference.slug(), reference.name(), includeSecrets)
        .orElseThrow(() -> notFound(reference));
  }

  private UUID id(String reference) {
    BlockReference parsed = BlockReference.parse(reference);
    return api.findBlockDocumentId(parsed.slug(), parsed.name())
        .orElseThrow(() -> notFound(parsed));
  }

  private SheaveException notFound(BlockReference reference) {
    List<String> names = new ArrayList<>();
    api.listBlockDocuments(BlockDocumentFilter.NAMED, Page.FIRST, false)
        .forEach(document -> names.add(document.reference()));
    return new SheaveException(
        Code.NOT_FOUND,
        "The block '"
            + reference
            + "' doesn't exist."
            + (registry.find(reference.slug()).isPresent()
                    || api.findBlockType(reference.slug()).isPresent()
                ? Suggestions.hint(reference.toString(), names)
                : " " + registry.missingToo(reference.slug())));
  }

  /** Lists documents, their secrets masked, newest first. */
  public List<BlockDocumentRecord> list(BlockDocumentFilter filter, Page page) {
    Arguments.notNull(filter, "filter");
    Arguments.notNull(page, "page");
    return api.listBlockDocuments(filter, page, false);
  }

  /** Deletes a block, see {@link Block#delete}. */
  public void delete(String reference) {
    delete(reference, false);
  }

  /** Deletes a block; {@code detach} as in {@link BlockApi#deleteBlockDocument}. */
  public void delete(String reference, boolean detach) {
    api.deleteBlockDocument(id(reference), detach);
  }

  /** Returns the users of a block, see {@link Block#usedBy}. */
  public List<String> usedBy(String reference) {
    return api.usersOfBlockDocument(id(reference));
  }

  /** Saves a block under a new name, see {@link Block#save(String)}. */
  public <B extends Block> B save(B block, String name) {
    return save(block, name, SaveMode.CREATE);
  }

  /**
   * Saves a block, see {@link Block#save(String, SaveMode)}. One that belongs to another connection
   * becomes one of this.
   */
  public <B extends Block> B save(B given, String name, SaveMode mode) {
    BlockName.check(name);
    Arguments.require(mode, "The mode of a save, CREATE or OVERWRITE,");
    B block = codec.checked(Arguments.require(given, "The block to save"));
    used.put(block.slug(), block.getClass());
    try {
      return saved(block, create(block, name, false));
    } catch (SheaveException e) {
      if (e.code() != Code.ALREADY_EXISTS) {
        throw e;
      }
      if (mode != SaveMode.OVERWRITE) {
        throw new SheaveException(
            Code.ALREADY_EXISTS,
            "The block '"
                + block.slug()
                + "/"
                + name
                + "' already exists; save with SaveMode.OVERWRITE to replace its values.",
            e);
      }
    }
    return saved(block, overwrite(block, new BlockReference(block.slug(), name)));
  }

  private BlockDocumentRecord create(Block block, @Nullable String name, boolean isAnonymous) {
    Map<String, @Nullable Object> data = BlockCodec.write(block, Unknown.LEFT_OUT);
    UUID schema = schemaOf(block.getClass()).id();
    try {
      return api.createBlockDocument(new NewBlockDocument(name, schema, data, isAnonymous));
    } catch (SheaveException e) {
      // somebody may have deleted the type since the store was asked for its schema
      schemas.remove(block.getClass());
      UUID now = schemaOf(block.getClass()).id();
      if (e.code() != Code.NOT_FOUND || now.equals(schema)) {
        throw e;
      }
      return api.createBlockDocument(new NewBlockDocument(name, now, data, isAnonymous));
    }
  }

  private BlockDocumentRecord overwrite(Block block, BlockReference reference) {
    BlockDocumentRecord current = document(reference, false);
    Block.Saved origin = block.saved();
    if (origin == null || !origin.reference(block).equals(reference.toString())) {
      update(current, BlockCodec.write(block, Unknown.LEFT_OUT), false, null);
    } else if (origin.identity().id().equals(current.id())) {
      update(current, BlockCodec.write(block, Unknown.KEPT), false, origin.updated());
    } else {
      throw stale(reference.toString(), null);
    }
    return api.readBlockDocument(current.id(), false);
  }

  /**
   * Changes a document. Its schema decides which values are masked, so a schema that doesn't know
   * all fields is used only if there is no better one.
   */
  private void update(
      BlockDocumentRecord document,
      Map<String, @Nullable Object> data,
      Map<String, @Nullable Object> whole,
      boolean merge,
      @Nullable Instant expectedUpdated) {
    BlockSchemaRecord schema = document.blockSchema();
    Optional<ObjectModel> model = modelOf(document);
    if (model.isPresent()
        && (model.get().unknownParts(whole).isEmpty()
            || !JsonSchema.of(schema.fields()).propertyNames().containsAll(data.keySet()))) {
      schema = schemaOf(model.get().type().asSubclass(Block.class));
    }
    try {
      api.updateBlockDocument(document.id(), schema.id(), data, merge, expectedUpdated);
    } catch (SheaveException e) {
      throw e.code() == Code.CONFLICT && expectedUpdated != null
          ? stale(document.reference(), e)
          : e;
    }
  }

  private void update(
      BlockDocumentRecord document,
      Map<String, @Nullable Object> data,
      boolean merge,
      @Nullable Instant expectedUpdated) {
    update(document, data, data, merge, expectedUpdated);
  }

  /** Changes some fields of a document, unless it was changed since it was read. */
  void update(
      BlockDocumentRecord document,
      Map<String, @Nullable Object> changes,
      Map<String, @Nullable Object> whole) {
    update(document, changes, whole, true, document.updated());
  }

  private static SheaveException stale(String reference, @Nullable SheaveException cause) {
    return new SheaveException(
        Code.CONFLICT,
        "The block '"
            + reference
            + "' was changed after this copy of it was loaded; load it again, make the change and"
            + " save it.",
        cause);
  }

  /** Returns the model of a document's class, if the class is available. */
  Optional<ObjectModel> modelOf(BlockDocumentRecord document) {
    try {
      return Optional.of(ObjectModel.of(classOf(document.blockSchema().blockType().slug())));
    } catch (SheaveException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a block's document, to change its values without creating a block; see {@link
   * BlockDraft}.
   *
   * @param reference {@code type/name}
   * @throws SheaveException {@code NOT_FOUND}, with the nearest name, if it doesn't exist
   */
  public BlockDraft draft(String reference) {
    return new BlockDraft(this, document(reference), Map.of());
  }

  /**
   * Saves an anonymous block, which only deployments use. Equal blocks share one document.
   *
   * @return the saved block
   */
  public <B extends Block> B saveAnonymously(B given) {
    B block = codec.checked(Arguments.require(given, "The block to save"));
    return saved(block, create(block, null, true));
  }

  /**
   * Saves an anonymous block of a type whose class this program doesn't have, under its newest
   * schema in the store.
   *
   * @param data JSON values by field
   * @return the id of its document
   * @throws SheaveException {@code UNSUPPORTED} if the store has no schema of the type; {@code
   *     INVALID} for values that the schema doesn't take
   */
  public UUID saveAnonymously(String slug, Map<String, @Nullable Object> data) {
    Arguments.notNull(data, "data");
    BlockSchemaRecord schema = storedSchema(slug);
    Map<String, @Nullable Object> checked = checked(slug, schema, data);
    return api.createBlockDocument(new NewBlockDocument(null, schema.id(), checked, true)).id();
  }

  /**
   * Checks values by a type's newest schema in the store.
   *
   * @return the values, texts converted where the schema has something else
   * @throws SheaveException as {@link #saveAnonymously(String, Map)} does
   */
  public Map<String, @Nullable Object> checkStored(
      String slug, Map<String, @Nullable Object> data) {
    Arguments.notNull(data, "data");
    return checked(slug, storedSchema(slug), data);
  }

  private static Map<String, @Nullable Object> checked(
      String slug, BlockSchemaRecord stored, Map<String, @Nullable Object> data) {
    String owner = "block type '" + slug + "'";
    ParameterSchema schema = new ParameterSchema(stored.fields());
    Problems problems = new Problems();
    Map<String, @Nullable Object> checked =
        schema.check(owner, data, ParameterSchema.Places.UNTOUCHED, problems);
    ParameterSchema.addMissing(owner, schema.missing(data), problems);
    problems.throwIfAny();
    return checked;
  }

  private BlockSchemaRecord storedSchema(String slug) {
    Optional<BlockSchemaRecord> stored =
        api.findBlockType(Arguments.notNull(slug, "slug"))
            .flatMap(type -> api.listBlockSchemas(type.id(), Page.first(1)).stream().findFirst());
    if (stored.isEmpty()) {
      registry.blockClass(slug); // says what must be installed
    }
    return stored.orElseThrow();
  }

  private <B extends Block> B saved(B block, BlockDocumentRecord document) {
    return codec.withIdentity(
        block,
        new Block.Saved(
            new Block.Identity(document.id(), document.name(), document.isAnonymous()),
            document.updated(),
            false));
  }

  /**
   * Creates a block from values that a user wrote, without saving it.
   *
   * @param slug the block type
   * @param data Java or JSON values by field; {@code type/name} for a saved block
   * @throws SheaveException {@code INVALID}, naming the field, the value and the expected type, for
   *     a value of the wrong type, an unknown field, or a mask in place of a secret
   */
  public Block create(String slug, Map<String, ? extends @Nullable Object> data) {
    Arguments.notNull(data, "data");
    Class<? extends Block> type = classOf(Arguments.notNull(slug, "slug"));
    return codec.read(type, toJson(type, data), Values.WRITTEN);
  }

  /**
   * Returns a block's values as JSON values, nested blocks in full, secrets masked. Fields of its
   * document that its class doesn't have are left out.
   */
  public Map<String, @Nullable Object> values(Block block) {
    Arguments.notNull(block, "block");
    return BlockCodec.show(block);
  }

  /**
   * Returns an unsaved copy of a block with some values changed. Like a copy made with {@code
   * toBuilder()}, it remembers the original.
   *
   * @param changes by field, {@code field.inner}, {@code list[0]} or {@code map.key}, a Java or
   *     JSON value, or a string to be converted to the field's type; null to clear it
   * @throws SheaveException {@code INVALID} for an unknown field or a value of the wrong type
   */
  public <B extends Block> B with(B block, Map<String, ? extends @Nullable Object> changes) {
    Arguments.require(block, "The block to change");
    Map<String, @Nullable Object> data = BlockCodec.write(block, Unknown.KEPT);
    ObjectModel model = ObjectModel.of(block.getClass());
    Arguments.require(changes, "The changes of a block");
    changes.forEach(
        (key, value) -> FieldAddress.of(model, key).set(data, value, BlockCodec.STORING));
    return copyOf(block, codec.read(block.getClass(), data, Values.CHANGED), block.unknown());
  }

  /**
   * Returns an unsaved copy of a block with all values replaced. Like a copy made with {@code
   * toBuilder()}, it remembers the original.
   *
   * @param data as for {@link #create}, but a mask keeps the block's secret in that place
   * @throws SheaveException {@code INVALID} as for {@link #create}, and for a mask where the block
   *     has no secret
   */
  public <B extends Block> B replace(B block, Map<String, ? extends @Nullable Object> data) {
    Arguments.notNull(block, "block");
    Arguments.notNull(data, "data");
    return copyOf(block, codec.read(toJson(block.getClass(), data), block), Map.of());
  }

  private static Map<String, @Nullable Object> toJson(
      Class<? extends Block> type, Map<String, ? extends @Nullable Object> data) {
    return JavaToJson.convertFields(ObjectModel.of(type), data, BlockCodec.STORING);
  }

  @SuppressWarnings("unchecked") // both are of one class
  private <B extends Block> B copyOf(
      B original, Block changed, Map<String, @Nullable Object> unknown) {
    Block.Saved origin = original.saved();
    changed.restore(
        origin == null ? null : new Block.Saved(origin.identity(), origin.updated(), true),
        unknown,
        original.owner() == null ? this : original.owner());
    return (B) changed;
  }

  /**
   * Registers types and schemas of this program in the store, and updates the names and
   * descriptions there. A server's types keep what they have, since other programs show it too.
   *
   * @param slugs which types; all if empty
   * @return the types that were registered
   */
  public List<BlockTypeRecord> register(Set<String> slugs) {
    Arguments.notNull(slugs, "slugs");
    List<BlockTypeRecord> registered = new ArrayList<>();
    for (BlockTypeDescriptor type : registry.types()) {
      if (slugs.isEmpty() || slugs.contains(type.slug())) {
        registered.add(
            registration.register(registry.blockClass(type.slug()), rewritesTexts).blockType());
      }
    }
    return registered;
  }

  /** Lets this program use block classes that no provider has. */
  public void add(Collection<Class<? extends Block>> types) {
    Arguments.noneNull(types, "types")
        .forEach(type -> used.put(ClassSchema.typeOf(type).slug(), type));
  }

  /** Registers those types, with their schemas, whose classes this program has. */
  public void registerIfHere(Set<String> slugs) {
    Arguments.noneNull(slugs, "slugs").stream()
        .filter(this::isHere)
        .forEach(slug -> schemaOf(classOf(slug)));
  }

  /** Returns whether this program has the class of a type. */
  public boolean isHere(String slug) {
    return used.containsKey(Arguments.notNull(slug, "slug")) || registry.find(slug).isPresent();
  }

  /** Finds a block type in the store. */
  public Optional<BlockTypeRecord> findType(String slug) {
    Arguments.notNull(slug, "slug");
    return api.findBlockType(slug);
  }

  private BlockSchemaRecord schemaOf(Class<? extends Block> type) {
    BlockSchemaRecord known = schemas.get(type);
    if (known == null) {
      known = registration.register(type, false);
      schemas.put(type, known);
    }
    return known;
  }
}
