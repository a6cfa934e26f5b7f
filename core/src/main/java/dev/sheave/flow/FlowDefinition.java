package dev.sheave.flow;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.internal.Definitions;
import dev.sheave.block.internal.FieldModel;
import dev.sheave.block.internal.FieldModel.Presence;
import dev.sheave.block.internal.JavaToJson;
import dev.sheave.block.internal.ReadContext;
import dev.sheave.block.internal.ValueType;
import dev.sheave.block.internal.ValueTypes;
import dev.sheave.internal.Json;
import dev.sheave.internal.Suggestions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a flow: its name, parameters and options, and the method to call. Immutable.
 */
public final class FlowDefinition {
  private final Method method;
  private final Flow flow;
  private final Map<String, FieldModel> parameters = new LinkedHashMap<>();
  private final Map<String, @Nullable Object> parameterSchema;

  private FlowDefinition(Method method, Flow flow) {
    this.method = method;
    this.flow = flow;
    for (Parameter parameter : method.getParameters()) {
      FieldModel field = describe(parameter);
      if (parameters.putIfAbsent(field.name(), field) != null) {
        throw new SheaveException(
            Code.INVALID,
            "The flow " + displayName() + " has two parameters named '" + field.name() + "'.");
      }
    }
    this.parameterSchema = Json.copyObject(schema());
  }

  /**
   * Reads the definition of a flow method.
   *
   * @throws SheaveException {@code INVALID} if it isn't annotated with {@link Flow}, can't be
   *     called from elsewhere, or its parameters have no names; {@code UNSUPPORTED} for parameters
   *     of types that can't come from JSON
   */
  public static FlowDefinition of(Method method) {
    Flow flow = method.getAnnotation(Flow.class);
    String name = method.getDeclaringClass().getName() + "." + method.getName();
    if (flow == null) {
      throw new SheaveException(
          Code.INVALID, "The method " + name + " isn't a flow; annotate it with @Flow.");
    }
    if (!Modifier.isPublic(method.getModifiers())
        || !Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
      throw new SheaveException(
          Code.INVALID, "The flow " + name + " can't be called; make it and its class public.");
    }
    return new FlowDefinition(method, flow);
  }

  private FieldModel describe(Parameter parameter) {
    Param described = parameter.getAnnotation(Param.class);
    String name = described == null ? "" : described.value();
    if (name.isEmpty()) {
      if (!parameter.isNamePresent()) {
        throw new SheaveException(
            Code.INVALID,
            "The parameters of the flow "
                + displayName()
                + " have no names; compile it with -parameters, or name each with @Param(\"…\").");
      }
      name = parameter.getName();
    }
    boolean optional = parameter.getType() == Optional.class;
    ValueType type =
        ValueTypes.ofParameter(
            parameter, optional, "the parameter '" + name + "' of the flow " + displayName());
    boolean nullable =
        ValueTypes.isNullable(parameter) || ValueTypes.isNullable(parameter.getAnnotatedType());
    String defaultText = described == null ? Param.NONE : described.defaultValue();
    return new FieldModel(
        name,
        name,
        described == null ? "" : described.description(),
        "",
        type,
        optional ? Presence.OPTIONAL : nullable ? Presence.NULLABLE : Presence.REQUIRED,
        defaultText.equals(Param.NONE) ? null : type.fromText(defaultText, name),
        null);
  }

  private Map<String, @Nullable Object> schema() {
    Definitions definitions = new Definitions();
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    parameters.forEach(
        (name, parameter) -> {
          Map<String, @Nullable Object> property = parameter.schema(definitions);
          property.put("position", properties.size());
          properties.put(name, property);
          if (parameter.isRequired()) {
            required.add(name);
          }
        });
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("title", "Parameters");
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (!definitions.byName().isEmpty()) {
      schema.put("definitions", definitions.byName());
    }
    return schema;
  }

  /** The method. */
  public Method method() {
    return method;
  }

  /** The flow's name. */
  public String name() {
    return nameOf(method);
  }

  /** Returns the name of a flow method's flow; by default it is the method's, with dashes. */
  public static String nameOf(Method method) {
    Flow flow = method.getAnnotation(Flow.class);
    return flow == null || flow.name().isEmpty() ? dashed(method.getName()) : flow.name();
  }

  private static String dashed(String javaName) {
    return javaName
        .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1-$2")
        .toLowerCase(Locale.ROOT);
  }

  private String displayName() {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /** About the flow. */
  public Optional<String> description() {
    return Optional.of(flow.description()).filter(text -> !text.isEmpty());
  }

  /** The version of its code, where it says. */
  public Optional<String> version() {
    return Optional.of(flow.version()).filter(text -> !text.isEmpty());
  }

  /** How many more times a failed run is tried. */
  public int retries() {
    return Math.max(0, flow.retries());
  }

  /** How long to wait before a failed run is tried again. */
  public Duration retryDelay() {
    return seconds(flow.retryDelaySeconds());
  }

  /** How long a run may take; zero for any time. */
  public Duration timeout() {
    return seconds(flow.timeoutSeconds());
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)));
  }

  /** The names of the parameters, in order. */
  public List<String> parameterNames() {
    return List.copyOf(parameters.keySet());
  }

  /** Describes the parameters by JSON schema, in the protocol's form. */
  public Map<String, @Nullable Object> parameterSchema() {
    return parameterSchema;
  }

  /**
   * Checks values and converts strings where other types are expected, as for values typed on a
   * command line.
   *
   * @param values some of the parameters' values: Java or JSON values, or strings
   * @return the JSON values
   * @throws SheaveException {@code INVALID} for a parameter that isn't, or a value of the wrong
   *     type
   */
  public Map<String, @Nullable Object> check(Map<String, ? extends @Nullable Object> values) {
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          FieldModel parameter = parameter(name);
          Object json =
              value instanceof String text
                  ? parameter.type().fromText(text, name)
                  : JavaToJson.convert(value, name, parameter.type(), JavaToJson.IN_THE_CLEAR);
          if (json != null || parameter.isRequired()) {
            parameter.readValue(json, name, ReadContext.STRICT);
          }
          checked.put(name, json);
        });
    return checked;
  }

  private FieldModel parameter(String name) {
    FieldModel parameter = parameters.get(name);
    if (parameter == null) {
      throw new SheaveException(
          Code.INVALID,
          "The flow '"
              + name()
              + "' has no parameter '"
              + name
              + "'."
              + Suggestions.hint(name, parameters.keySet())
              + (parameters.isEmpty()
                  ? " It has no parameters."
                  : " Its parameters are: " + String.join(", ", parameters.keySet()) + "."));
    }
    return parameter;
  }

  /** Returns the values with the defaults of the parameters that aren't given. */
  public Map<String, @Nullable Object> withDefaults(
      Map<String, ? extends @Nullable Object> values) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> all.put(name, parameter.jsonIn(values)));
    values.forEach(all::putIfAbsent);
    return all;
  }

  /**
   * Creates the method's arguments.
   *
   * @param values the parameters' JSON values; defaults stand for those that aren't given
   * @throws SheaveException {@code INVALID}, naming the parameter, for one that isn't, is missing,
   *     or has a value of the wrong type
   */
  public @Nullable Object[] arguments(Map<String, ? extends @Nullable Object> values) {
    values.keySet().forEach(this::parameter);
    List<@Nullable Object> arguments = new ArrayList<>();
    parameters.forEach(
        (name, parameter) ->
            arguments.add(parameter.readValue(parameter.jsonIn(values), name, ReadContext.STRICT)));
    return arguments.toArray();
  }

  /**
   * Calls the flow.
   *
   * @param arguments the result of {@link #arguments}
   * @return the result of the method
   * @throws Throwable any exception of the method
   */
  public @Nullable Object invoke(@Nullable Object[] arguments) throws Throwable {
    try {
      Object target =
          Modifier.isStatic(method.getModifiers())
              ? null
              : method.getDeclaringClass().getConstructor().newInstance();
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
      throw new SheaveException(
          Code.INVALID,
          "The flow "
              + displayName()
              + " can't be called; its class needs a public no-argument constructor.",
          e);
    }
  }
}
