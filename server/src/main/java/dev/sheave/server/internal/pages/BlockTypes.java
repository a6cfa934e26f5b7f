package dev.sheave.server.internal.pages;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.BlockApi.BlockDocumentFilter;
import dev.sheave.api.BlockSchemaRecord;
import dev.sheave.api.BlockTypeRecord;
import dev.sheave.api.Page;
import dev.sheave.api.internal.AllPages;
import dev.sheave.block.Block;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.BlockType;
import dev.sheave.block.BlockTypeDescriptor;
import dev.sheave.internal.Backends;
import dev.sheave.internal.JsonSchema.BlockPlace;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The block types that pages show: those of this program, and those that the store knows. */
final class BlockTypes {
  private final Sheave sheave;

  BlockTypes(Sheave sheave) {
    this.sheave = sheave;
  }

  /**
   * A type.
   *
   * @param slug its slug
   * @param name its display name
   * @param description its description; empty if there is none
   * @param capabilities the capabilities of its blocks
   * @param fields its JSON schema; empty if none is known
   * @param isHere whether this program has its class
   * @param artifact the artifact that brings it; null if it is here, or not one of Sheave's
   * @param documentation the URL of its documentation, if any
   * @param example its code example, if any
   * @param hasLogo whether there is a logo
   */
  record Shown(
      String slug,
      String name,
      String description,
      Collection<String> capabilities,
      Map<String, @Nullable Object> fields,
      boolean isHere,
      @Nullable String artifact,
      @Nullable String documentation,
      @Nullable String example,
      boolean hasLogo) {

    String initials() {
      return Show.initials(name);
    }

    /** {@code a}, or {@code an} before a name that is spoken with a vowel first, such as S3. */
    String article() {
      boolean isSpelled = name.matches("[A-Z][A-Z0-9].*");
      return name.matches(isSpelled ? "[AEFHILMNORSX].*" : "[AEIOUaeiou].*") ? "an" : "a";
    }

    /** Whether blocks of it can be made. */
    boolean isUsable() {
      return !fields.isEmpty();
    }
  }

  /** All types by name; those that aren't installed come last. */
  List<Shown> all() {
    Map<String, Shown> bySlug = new TreeMap<>();
    for (Backends.Backend backend : Backends.ALL) {
      for (String slug : backend.types()) {
        bySlug.put(
            slug,
            new Shown(
                slug, slug, "", List.of(), Map.of(), false, backend.artifact(), null, null, false));
      }
    }
    for (BlockTypeRecord type :
        AllPages.read(page -> sheave.api().blocks().listBlockTypes(Set.of(), page))) {
      if (sheave.blocks().registry().find(type.slug()).isEmpty()) {
        bySlug.put(type.slug(), ofRecord(type));
      }
    }
    for (BlockTypeDescriptor type : sheave.blocks().registry().types()) {
      bySlug.put(type.slug(), ofClass(type.slug()));
    }
    List<Shown> all = new ArrayList<>(bySlug.values());
    all.sort(
        Comparator.comparing((Shown type) -> !type.isUsable())
            .thenComparing(type -> type.name().toLowerCase(Locale.ROOT)));
    return all;
  }

  /** Finds a type of this program, or else of the store. */
  Shown read(String slug) {
    if (sheave.blocks().registry().find(slug).isPresent()) {
      return ofClass(slug);
    }
    return sheave
        .blocks()
        .findType(slug)
        .map(this::ofRecord)
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.NOT_FOUND, "The block type '" + slug + "' doesn't exist here."));
  }

  private Shown ofClass(String slug) {
    Class<? extends Block> type = sheave.blocks().registry().blockClass(slug);
    BlockType described = type.getAnnotation(BlockType.class);
    BlockSchema schema = BlockSchema.of(type);
    return new Shown(
        slug,
        described.name(),
        described.description(),
        schema.capabilities(),
        schema.fields(),
        true,
        null,
        described.documentationUrl(),
        described.codeExample(),
        !described.logo().isEmpty());
  }

  private Shown ofRecord(BlockTypeRecord type) {
    Optional<BlockSchemaRecord> newest = newestSchema(type);
    String description = type.texts().description();
    return new Shown(
        type.slug(),
        type.name(),
        description == null ? "" : description,
        newest.map(BlockSchemaRecord::capabilities).orElse(List.of()),
        newest.map(BlockSchemaRecord::fields).orElse(Map.of()),
        false,
        null,
        type.texts().documentationUrl(),
        type.texts().codeExample(),
        image(type.texts().logoUrl()) != null);
  }

  Optional<BlockSchemaRecord> newestSchema(BlockTypeRecord type) {
    return sheave.api().blocks().listBlockSchemas(type.id(), Page.first(1)).stream().findFirst();
  }

  /** The capabilities of some types. */
  static Set<String> capabilities(List<Shown> types) {
    Set<String> all = new TreeSet<>();
    types.forEach(type -> all.addAll(type.capabilities()));
    return all;
  }

  /** The logo of a type; one at another address is never loaded. */
  @Nullable PageReply logo(String slug) {
    if (sheave.blocks().registry().find(slug).isPresent()) {
      Class<? extends Block> type = sheave.blocks().registry().blockClass(slug);
      String resource = type.getAnnotation(BlockType.class).logo();
      try (InputStream in = resource.isEmpty() ? null : type.getResourceAsStream(resource)) {
        return in == null
            ? null
            : image(resource.endsWith(".svg") ? "image/svg+xml" : "image/png", in.readAllBytes());
      } catch (IOException e) {
        return null;
      }
    }
    return sheave.blocks().findType(slug).map(type -> image(type.texts().logoUrl())).orElse(null);
  }

  private static @Nullable PageReply image(@Nullable String url) {
    if (url == null || !url.matches("(?s)data:image/(svg\\+xml|png|jpeg|webp|gif);base64,.*")) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1).strip());
      return image(url.substring("data:".length(), url.indexOf(';')), bytes);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A script in an image is nothing to an element of the page; the policy keeps it so alone. */
  private static PageReply image(String type, byte[] bytes) {
    return new PageReply(200, type, bytes, Map.of("Cache-Control", "private, max-age=3600"));
  }

  /** Names the saved blocks, {@code type/name}, that may stand in a place. */
  List<String> candidates(BlockPlace place) {
    BlockDocumentFilter filter =
        new BlockDocumentFilter(Set.copyOf(place.types()), Set.copyOf(place.capabilities()), false);
    return AllPages.read(page -> sheave.api().blocks().listBlockDocuments(filter, page, false))
        .stream()
        .map(document -> document.reference())
        .sorted()
        .toList();
  }
}
