package dev.sheave.cli.command;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Problem;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.internal.FieldAddress;
import dev.sheave.block.internal.FieldModel;
import dev.sheave.block.internal.FieldModel.Presence;
import dev.sheave.block.internal.ObjectModel;
import dev.sheave.block.internal.Problems;
import dev.sheave.internal.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The required fields of a block that have no value yet. They are asked for, or named in an error.
 */
final class MissingFields {
  private final ObjectModel model;
  private final List<String> secretPlaces;

  MissingFields(ObjectModel model) {
    this.model = model;
    this.secretPlaces = BlockSchema.of(model.type()).secretFields();
  }

  /** A field by its address. */
  record Field(String address, FieldModel model) {}

  /** Returns what is missing among values, fields of records one by one. */
  List<Field> in(Map<String, @Nullable Object> data) {
    List<Field> missing = new ArrayList<>();
    collect(model.fields(), "", data, missing);
    return missing;
  }

  private static void collect(
      Map<String, FieldModel> fields,
      String prefix,
      Map<String, @Nullable Object> data,
      List<Field> missing) {
    fields.forEach(
        (name, field) -> {
          Object given = data.get(name);
          boolean isNeeded = given == null && isNeeded(field);
          Map<String, FieldModel> inner = field.type().innerFields();
          boolean isRecord = !inner.isEmpty() && field.type().choices().isEmpty();
          if (isRecord && (isNeeded || given instanceof Map)) {
            Map<String, @Nullable Object> values =
                given instanceof Map<?, ?> map ? Json.asObject(map) : new LinkedHashMap<>();
            if (isNeeded && inner.values().stream().noneMatch(MissingFields::isNeeded)) {
              data.put(name, values); // all in it has a default
            }
            collect(inner, prefix + name + ".", values, missing);
          } else if (isNeeded) {
            missing.add(new Field(prefix + name, field));
          }
        });
  }

  private static boolean isNeeded(FieldModel field) {
    return field.presence() != Presence.CONSTANT && field.isRequired();
  }

  /** Returns the fields that could be given too. */
  List<Field> optionalIn(Map<String, @Nullable Object> data) {
    return model.fields().values().stream()
        .filter(field -> field.presence() != Presence.CONSTANT && !field.isRequired())
        .filter(field -> !data.containsKey(field.name()))
        .map(field -> new Field(field.name(), field))
        .toList();
  }

  /** Whether there is a secret at or below a field. */
  boolean isSecret(Field field) {
    return secretPlaces.stream().anyMatch(place -> FieldAssignments.covers(place, field.address()));
  }

  /** The classes of the blocks that a field may hold; empty if it holds none. */
  List<Class<?>> blocksIn(Field field) {
    return model.secretPaths().blocks().getOrDefault(field.address(), List.of());
  }

  /** Sets a field to what somebody typed. */
  void set(Map<String, @Nullable Object> data, Field field, String answer) {
    FieldAddress.of(model, field.address()).set(data, answer);
  }

  /** The error if nobody can be asked: it says what is missing, and how to set it. */
  SheaveException error(List<Field> missing) {
    Problems problems = new Problems();
    addTo(problems, missing);
    return problems.error();
  }

  private String sentence(Field field) {
    return "'"
        + field.address()
        + "' is missing; it must be "
        + field.model().type().expectation()
        + "; set it with "
        + howToGive(field)
        + ".";
  }

  private String howToGive(Field field) {
    return isSecret(field)
        ? "--set " + field.address() + "=@env:VARIABLE, =@file:PATH or =@-"
        : "--set " + field.address() + "=VALUE";
  }

  /** Adds what is missing to problems, except for what they name: it was mistyped. */
  void addTo(Problems problems, List<Field> missing) {
    List<Problem> found = problems.all();
    missing.stream()
        .filter(
            field ->
                found.stream()
                    .noneMatch(each -> each.message().contains("'" + field.address() + "'")))
        .forEach(field -> problems.add(field.address(), sentence(field)));
  }
}
