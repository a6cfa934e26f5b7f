package dev.sheave.testkit.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sheave.OrchestrationProvider;
import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.api.BlockApi;
import dev.sheave.block.Block;
import dev.sheave.block.BlockProvider;
import dev.sheave.block.BlockRegistry;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.BlockType;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.block.Blocks;
import dev.sheave.block.SaveMode;
import dev.sheave.block.Secret;
import dev.sheave.internal.Json;
import dev.sheave.internal.Yaml;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of block types. A type's test extends this class and provides an example; it needs
 * no service. With {@code sheave-orchestrator} in the test's class path the example is also saved
 * and loaded.
 *
 * <pre>{@code
 * class S3BlockTest extends BlockContract {
 *   @Override
 *   protected Block example() {
 *     return S3.builder().bucketPath("bucket/path").awsSecretAccessKey(Secret.of("…")).build();
 *   }
 * }
 * }</pre>
 */
public abstract class BlockContract {
  /** The most fields a type may have without a builder. */
  public static final int MAX_FIELDS_WITHOUT_BUILDER = 3;

  private static final int MIN_SECRET = 6;

  /** For the test of a block type. */
  protected BlockContract() {}

  /**
   * Creates an unsaved block of the type, the same at each call. It has a value for as many of its
   * fields as possible, and for every secret one of six characters or more that occurs nowhere else
   * in it.
   */
  protected abstract Block example();

  private Class<? extends Block> type() {
    return example().getClass();
  }

  private BlockType described() {
    return Objects.requireNonNull(type().getAnnotation(BlockType.class), "it has no @BlockType");
  }

  /** Blocks of this type, over a store that nobody may call. */
  private Blocks blocks() {
    BlockApi none =
        (BlockApi)
            Proxy.newProxyInstance(
                BlockApi.class.getClassLoader(),
                new Class<?>[] {BlockApi.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError("the example must not refer to saved blocks");
                });
    BlockRegistry.Builder registry = BlockRegistry.builder();
    providers().forEach(registry::add);
    return new Blocks(none, registry.build());
  }

  private Stream<BlockTypeDescriptor> descriptors() {
    return providers().flatMap(provider -> provider.types().stream());
  }

  private Stream<BlockProvider> providers() {
    return ServiceLoader.load(BlockProvider.class, type().getClassLoader()).stream()
        .map(ServiceLoader.Provider::get);
  }

  private Map<String, @Nullable Object> properties() {
    return Json.asObject(
        (Map<?, ?>) Objects.requireNonNull(BlockSchema.of(type()).fields().get("properties")));
  }

  @Test
  final void aProviderListsItAsItDescribesItself() {
    assertThat(descriptors())
        .as(
            "the types listed by the providers in META-INF/services/%s",
            BlockProvider.class.getName())
        .contains(
            new BlockTypeDescriptor(
                described().slug(),
                described().name(),
                BlockSchema.capabilitiesOf(type()),
                type().getName()));
  }

  @Test
  final void itsClassIsPublicAndFinal() {
    assertThat(Modifier.isPublic(type().getModifiers())).as("it is public").isTrue();
    assertThat(Modifier.isFinal(type().getModifiers())).as("it is final").isTrue();
  }

  @Test
  final void itsSchemaDescribesEachFieldInASentence() {
    properties()
        .forEach(
            (name, property) -> {
              Map<?, ?> schema = (Map<?, ?>) Objects.requireNonNull(property);
              assertThat((String) schema.get("title")).as("title of '%s'", name).isNotBlank();
              assertThat((String) schema.get("description"))
                  .as("description of '%s'", name)
                  .isNotNull()
                  .matches("(?s)\\p{Lu}.*[.]");
            });
  }

  @Test
  final void itsSchemaIsStillTheSameAfterAWayThroughJson() {
    BlockSchema schema = BlockSchema.of(type());

    assertThat(BlockSchema.checksum(Json.parseObject(Json.write(schema.fields()), "the schema")))
        .isEqualTo(schema.checksum());
  }

  @Test
  final void itComesBackFromJsonAsItWas() {
    WrittenBlock written = WrittenBlock.of(example());
    Map<String, @Nullable Object> json =
        Json.parseObject(Json.write(written.values()), "the example");

    Block read = blocks().create(described().slug(), json);

    assertThat(WrittenBlock.of(read).values())
        .as("the values after a way through JSON")
        .isEqualTo(written.values());
    assertThat(read).isEqualTo(example());
  }

  @Test
  final void whatItRequiresIsMissedByName() {
    List<?> required =
        BlockSchema.of(type()).fields().get("required") instanceof List<?> names
            ? names
            : List.of();
    for (Object name : required) {
      Map<String, @Nullable Object> values = WrittenBlock.of(example()).values();
      values.remove(name);
      assertThatThrownBy(() -> blocks().create(described().slug(), values))
          .isInstanceOf(SheaveException.class)
          .hasMessageStartingWith("'" + name + "' is missing; it must be ");
    }
  }

  @Test
  final void itShowsNoSecret() {
    List<Secret> secrets = WrittenBlock.of(example()).secrets();
    assertThat(secrets.isEmpty())
        .as(
            "the example has a value for one of the secrets %s",
            BlockSchema.of(type()).secretFields())
        .isEqualTo(BlockSchema.of(type()).secretFields().isEmpty());
    Map<String, @Nullable Object> shown = blocks().values(example());
    for (Secret secret : secrets) {
      assertThat(secret.reveal().length())
          .as("the length of each secret of the example")
          .isGreaterThanOrEqualTo(MIN_SECRET);
      assertThat(
              List.of(
                  example().toString(),
                  example().displayName(),
                  String.valueOf(shown),
                  Json.write(shown),
                  Yaml.write(shown)))
          .as("what it shows")
          .noneMatch(text -> text.contains(secret.reveal()));
    }
  }

  @Test
  final void blocksOfEqualValuesAreEqual() {
    assertThat(example()).isEqualTo(example()).hasSameHashCodeAs(example());
    assertThat(example()).isNotEqualTo(null).isNotEqualTo("a text");
    assertThat(example().identity()).isEmpty();
  }

  @Test
  final void itHasABuilderIfItHasManyFields() throws ReflectiveOperationException {
    Optional<Method> toBuilder = method("toBuilder");
    if (fieldCount() > MAX_FIELDS_WITHOUT_BUILDER) {
      assertThat(toBuilder).as("toBuilder()").isPresent();
      assertThat(method("builder")).as("builder()").isPresent();
    }
    if (toBuilder.isPresent()) {
      assertThat(((Block.Builder<?>) toBuilder.get().invoke(example())).build())
          .as("toBuilder().build()")
          .isEqualTo(example());
    }
    if (method("builder").isPresent()) {
      assertThat(method("builder").get().invoke(null)).isInstanceOf(Block.Builder.class);
    }
  }

  private int fieldCount() {
    return Arrays.stream(type().getDeclaredConstructors())
        .mapToInt(Constructor::getParameterCount)
        .max()
        .orElse(0);
  }

  private Optional<Method> method(String name, Class<?>... parameters) {
    try {
      return Optional.of(type().getMethod(name, parameters));
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }

  @Test
  final void whatIsSavedIsOfItsClass() {
    assertThat(method("save", String.class).orElseThrow().getReturnType()).isEqualTo(type());
    assertThat(method("save", String.class, SaveMode.class).orElseThrow().getReturnType())
        .isEqualTo(type());
  }

  @Test
  final void itsTextsKeepTheStandards() {
    assertThat(described().name()).as("name").isNotBlank();
    assertThat(described().description()).as("description").matches("(?s)\\p{Lu}.*[.]");
    assertThat(URI.create(described().documentationUrl()))
        .as("documentationUrl")
        .hasScheme("https");
  }

  @Test
  final void itsCodeExampleIsJavaThatLoadsABlockOfItsName(@TempDir Path folder) {
    CodeExample example = new CodeExample(described().codeExample(), type());

    assertThat(example.code())
        .as("codeExample")
        .containsPattern("\\.load\\(\\s*\"" + described().slug() + "/BLOCK_NAME\"");
    example.compile(folder);
  }

  @Test
  final void itsLogoIsASquareOfGoodSize() throws IOException {
    assertThat(described().logo()).as("logo").isNotBlank();
    Logo logo = Logo.of(type(), described().logo());

    assertThat(logo.width()).as("width of %s", described().logo()).isBetween(45.0, 1000.0);
    assertThat(logo.height()).as("height of %s", described().logo()).isEqualTo(logo.width());
  }

  @Test
  final void itComesBackFromAStore(@TempDir Path home) throws ReflectiveOperationException {
    String url = "jdbc:sqlite:" + home.resolve("sheave.db");
    assumeTrue(
        ServiceLoader.load(OrchestrationProvider.class).stream()
            .anyMatch(provider -> provider.get().accepts(url)),
        "sheave-orchestrator isn't in the class path");
    try (Sheave sheave = Sheave.builder().home(home).url(url).key(null).connect()) {
      Sheave.use(sheave);
      Block saved = save("contract");

      String reference = described().slug() + "/contract";
      assertThat(saved).isEqualTo(example()).isExactlyInstanceOf(type());
      assertThat(Block.load(reference)).isEqualTo(example());
      assertThat(Block.load(reference).identity()).isEqualTo(saved.identity());
      String listed = String.valueOf(sheave.blocks().document(reference).data());
      assertThat(WrittenBlock.of(example()).secrets())
          .noneMatch(secret -> listed.contains(secret.reveal()));
    }
  }

  private Block save(String name) throws ReflectiveOperationException {
    try {
      return (Block) method("save", String.class).orElseThrow().invoke(example(), name);
    } catch (InvocationTargetException e) {
      throw new AssertionError("save(\"" + name + "\") failed", e.getCause());
    }
  }
}
