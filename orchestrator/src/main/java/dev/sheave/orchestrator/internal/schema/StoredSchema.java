package dev.sheave.orchestrator.internal.schema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.PathType;
import dev.sheave.SheaveException;
import dev.sheave.block.internal.ParameterSchema;
import dev.sheave.block.internal.Problems;
import dev.sheave.internal.Json;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks values, before they are stored, by those keywords of their schema that no client of ours
 * reads: schemas of Python's flows and blocks have some. The validator is loaded if there are any.
 */
public final class StoredSchema {

  private StoredSchema() {}

  /**
   * Checks some values.
   *
   * @throws SheaveException {@code INVALID}, with all that is wrong
   */
  public static void check(
      Map<String, @Nullable Object> schema, Map<String, @Nullable Object> values) {
    Problems problems = new Problems();
    new ParameterSchema(schema).checkKeywords(values, StoredSchema::check, problems);
    problems.throwIfAny();
  }

  private static void check(
      Map<String, @Nullable Object> schema, Object value, String path, Problems problems) {
    try {
      validator(schema).validate(Json.write(value), InputFormat.JSON).stream()
          .forEach(error -> add(path, error, problems));
    } catch (SchemaException | ValidationLimitExceededException e) {
      problems.add(path, "The schema of '" + path + "' can't be read: " + e.getMessage());
    } catch (StackOverflowError e) {
      problems.add(path, "The schema of '" + path + "' can't be read: it refers to itself.");
    }
  }

  /** Nothing is loaded that a schema refers to, and no schema is kept: others may have its id. */
  private static Schema validator(Map<String, @Nullable Object> schema) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(true)
            .locale(Locale.ROOT)
            .pathType(PathType.JSON_PATH)
            .build();
    return SchemaRegistry.withDefaultDialect(
            schema.containsKey("$defs")
                ? SpecificationVersion.DRAFT_2020_12
                : SpecificationVersion.DRAFT_7,
            registry ->
                registry
                    .schemaRegistryConfig(config)
                    .schemaLoader(loader -> loader.allow(address -> false)))
        .getSchema(Json.write(schema));
  }

  /** Names the place below the path, too: {@code $.a[0]}. */
  private static void add(String path, Error error, Problems problems) {
    String place = path + error.getInstanceLocation().toString().substring(1);
    String message = error.getMessage();
    problems.add(
        place,
        (place.isEmpty() ? "An object" : "'" + place + "'")
            + " doesn't meet its schema: "
            + message
            + (message.endsWith(".") ? "" : "."));
  }
}
