package dev.sheave.flow;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.block.Block;
import dev.sheave.block.BlockField.LocalPath;
import dev.sheave.block.BlockSchema;
import dev.sheave.block.Blocks;
import dev.sheave.block.internal.Definitions;
import dev.sheave.block.internal.FieldModel;
import dev.sheave.block.internal.FieldModel.Presence;
import dev.sheave.block.internal.JavaToJson;
import dev.sheave.block.internal.ParameterSchema;
import dev.sheave.block.internal.ParameterSchema.Places;
import dev.sheave.block.internal.Problems;
import dev.sheave.block.internal.ReadContext;
import dev.sheave.block.internal.ValueType;
import dev.sheave.block.internal.ValueTypes;
import dev.sheave.internal.Json;
import dev.sheave.internal.JsonSchema;
import dev.sheave.internal.Names;
import dev.sheave.internal.TypeNames;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a flow: its name, parameters and options, and the method to call. Immutable.
 */
public final class FlowDefinition {
  private final FlowMethod method;
  private final Flow flow;
  private final Map<String, FieldModel> parameters = new LinkedHashMap<>();
  private final ParameterSchema parameterSchema;
  private final Map<String, @Nullable Object> parameterSchemaJson;

  private FlowDefinition(FlowMethod method, Flow flow) {
    this.method = method;
    this.flow = flow;
    for (Parameter parameter : method.method().getParameters()) {
      FieldModel field = describe(parameter);
      if (parameters.putIfAbsent(field.name(), field) != null) {
        throw new SheaveException(
            Code.INVALID,
            "The flow " + displayName() + " has two parameters named '" + field.name() + "'.");
      }
    }
    this.parameterSchemaJson = Json.copyObject(schema());
    Map<String, ValueType> types = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> types.put(name, parameter.type()));
    this.parameterSchema = new ParameterSchema(parameterSchemaJson, types);
    Problems problems = new Problems();
    checkAnnotation(problems);
    checkDefaults(problems);
    problems.throwIfAny();
  }

  /**
   * Reads the definition of a flow method in the class that declares it.
   *
   * @throws SheaveException see {@link #of(FlowMethod)}
   */
  public static FlowDefinition of(Method method) {
    return of(FlowMethod.of(method));
  }

  /**
   * Reads the definition of a flow method.
   *
   * @throws SheaveException {@code INVALID} if it isn't annotated with {@link Flow}, what that or a
   *     {@link Param} says isn't valid, a run can't call it, its parameters have no names, or its
   *     class has another flow of the name; {@code UNSUPPORTED} for parameters of types that can't
   *     come from JSON
   */
  public static FlowDefinition of(FlowMethod method) {
    Flow flow = method.method().getAnnotation(Flow.class);
    if (flow == null) {
      throw new SheaveException(
          Code.INVALID,
          "The method " + method.displayName() + " isn't a flow; annotate it with @Flow.");
    }
    CallableFlow.check(method);
    return new FlowDefinition(method, flow);
  }

  /**
   * Says, in a sentence, that no run can keep what this flow returns, because no value of the type
   * can be kept as JSON. Empty if there may be such values, and if the flow returns nothing.
   */
  public Optional<String> resultWarning() {
    Class<?> type = method.method().getReturnType();
    if (type == void.class || type == Void.class || JavaToJson.canConvert(type)) {
      return Optional.empty();
    }
    return Optional.of(
        "No run keeps what the flow "
            + displayName()
            + " returns, since values of the type "
            + TypeNames.of(type)
            + " can't be kept as JSON; return a record, a map, a list, a string, a number or"
            + " nothing.");
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
    if (parameter.isVarArgs()) {
      throw new SheaveException(
          Code.UNSUPPORTED,
          "The parameter '"
              + name
              + "' of the flow "
              + displayName()
              + " has variable arguments, which can't be in a document; make it a List.");
    }
    boolean optional = parameter.getType() == Optional.class;
    ValueType type =
        ValueTypes.ofDeclared(
            parameter.getAnnotatedType(),
            optional,
            "the parameter '" + name + "' of the flow " + displayName());
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
        defaultText.equals(Param.NONE) ? null : defaultOf(type, defaultText, name),
        LocalPath.NO,
        null);
  }

  private Object defaultOf(ValueType type, String text, String parameter) {
    try {
      return Objects.requireNonNullElse(type.fromText(text, parameter), text);
    } catch (SheaveException e) {
      return text; // checkDefaults says what is wrong with it
    }
  }

  private void checkAnnotation(Problems problems) {
    problems.check("name", () -> Names.check(name(), "Flow"));
    checkNotNegative("retries", flow.retries(), problems);
    checkNotNegative("retryDelaySeconds", flow.retryDelaySeconds(), problems);
    checkNotNegative("timeoutSeconds", flow.timeoutSeconds(), problems);
    checkName(List.of(method.method().getDeclaringClass()), problems);
  }

  /**
   * Checks that the flow's source file has no other flow of the name, in a nested class.
   *
   * @throws SheaveException {@code INVALID} if it has
   */
  public void checkNameInFile() {
    Problems problems = new Problems();
    List<Class<?>> classes = new ArrayList<>();
    classes.add(method.owner().getNestHost());
    for (int i = 0; i < classes.size(); i++) {
      classes.addAll(List.of(classes.get(i).getDeclaredClasses()));
    }
    checkName(classes, problems);
    problems.throwIfAny();
  }

  private void checkName(List<Class<?>> classes, Problems problems) {
    List<Method> twins = new ArrayList<>();
    for (Class<?> each : classes) {
      Arrays.stream(methodsOf(each))
          .filter(other -> other.isAnnotationPresent(Flow.class) && !other.isSynthetic())
          .filter(other -> nameOf(other).equals(name()))
          .forEach(twins::add);
    }
    if (twins.size() > 1) {
      problems.add(
          "name",
          "There are "
              + twins.size()
              + " flows named '"
              + name()
              + "': "
              + twins.stream()
                  .map(twin -> twin.getDeclaringClass().getSimpleName() + "." + twin.getName())
                  .sorted()
                  .collect(Collectors.joining(", "))
              + "; give each a name of its own.");
    }
  }

  /** A class that lacks others is said to when it is used. */
  private static Method[] methodsOf(Class<?> type) {
    try {
      return type.getDeclaredMethods();
    } catch (LinkageError e) {
      return new Method[0];
    }
  }

  private void checkNotNegative(String element, double value, Problems problems) {
    if (!(value >= 0 && Double.isFinite(value))) {
      problems.add(
          element,
          "The flow "
              + displayName()
              + " has "
              + element
              + " = "
              + (value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value))
              + "; it must be 0 or more.");
    }
  }

  private void checkDefaults(Problems problems) {
    parameters.forEach(
        (name, parameter) -> {
          Object value = parameter.defaultValue();
          if (value == null) {
            return;
          }
          Problems own = new Problems();
          ReferencesOnly places = new ReferencesOnly(own);
          parameterSchema.check("flow", Map.of(name, value), places, own);
          if (own.isEmpty() && !places.foundAny()) {
            own.check(name, () -> parameter.readValue(value, name, ReadContext.STRICT));
          }
          if (!own.isEmpty()) {
            problems.add(
                name,
                "The default of the parameter '"
                    + name
                    + "' of the flow "
                    + displayName()
                    + " can't be used: "
                    + own);
          }
        });
  }

  /** Takes references to secrets and blocks; others would stand in the clear in the code. */
  private static final class ReferencesOnly implements ParameterSchema.Places {
    private final Problems problems;
    private boolean found;

    ReferencesOnly(Problems problems) {
      this.problems = problems;
    }

    boolean foundAny() {
      return found;
    }

    @Override
    public Object secret(Object value, String path) {
      found = true;
      if (!ParameterSchema.isSecretReference(value)) {
        problems.add(
            path,
            "'"
                + path
                + "' is a secret, which doesn't belong into code; name a saved one, as in"
                + " secret/NAME.");
      }
      return value;
    }

    @Override
    public Object block(Object value, String path, JsonSchema.BlockPlace place) {
      found = true;
      if (!ParameterSchema.isBlockReference(value)) {
        problems.add(path, "'" + path + "' must name a saved block, as in type/name.");
      }
      return value;
    }
  }

  private Map<String, @Nullable Object> schema() {
    Definitions definitions = Definitions.ofParameters();
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

  /** The block classes of its parameters, those in lists, maps and records included. */
  public Set<Class<? extends Block>> blockClasses() {
    Set<Class<? extends Block>> classes = new LinkedHashSet<>();
    for (FieldModel parameter : parameters.values()) {
      parameter.type().blockClasses().stream()
          .filter(BlockSchema::isConcrete)
          .forEach(type -> classes.add(type.asSubclass(Block.class)));
    }
    return classes;
  }

  /** The method, and the class it is called on. */
  public FlowMethod method() {
    return method;
  }

  /** The flow's name. */
  public String name() {
    return method.flowName();
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
    return method.owner().getSimpleName() + "." + method.method().getName();
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
    return flow.retries();
  }

  /** How long to wait before a failed run is tried again. */
  public Duration retryDelay() {
    return seconds(flow.retryDelaySeconds());
  }

  /** Whether crashed runs are tried again as failed ones are. */
  public boolean retryCrashed() {
    return flow.retryCrashed();
  }

  /** How long a run may take; zero for any time. */
  public Duration timeout() {
    return seconds(flow.timeoutSeconds());
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** The names of the parameters, in order. */
  public List<String> parameterNames() {
    return List.copyOf(parameters.keySet());
  }

  /** Describes the parameters by JSON schema, in the protocol's form. */
  public Map<String, @Nullable Object> parameterSchema() {
    return parameterSchemaJson;
  }

  /**
   * Checks values and converts texts where others are expected, as for values typed on a command
   * line. A run is refused the same values, see {@link dev.sheave.deployment.Deployments#run}.
   *
   * @param values some of the parameters' values: Java or JSON values, or texts
   * @param blocks where the blocks and secrets are that values name
   * @return the JSON values
   * @throws SheaveException {@code INVALID}, with all that is wrong, for parameters that don't
   *     exist, and values of the wrong type
   */
  public Map<String, @Nullable Object> check(
      Map<String, ? extends @Nullable Object> values, Blocks blocks) {
    return check(values, blocks.parameters());
  }

  /** As {@link #check(Map, Blocks)}, of values that name no blocks and no saved secrets. */
  public Map<String, @Nullable Object> check(Map<String, ? extends @Nullable Object> values) {
    return check(values, ReadContext.STRICT);
  }

  private Map<String, @Nullable Object> check(
      Map<String, ? extends @Nullable Object> values, ReadContext context) {
    Problems problems = new Problems();
    Map<String, @Nullable Object> checked =
        parameterSchema.check(owner(), values, Places.UNTOUCHED, problems);
    read(checked, checked.keySet(), context, problems);
    return checked;
  }

  private String owner() {
    return "flow '" + name() + "'";
  }

  /** Returns those parameters that must have a value and have none. */
  public List<String> missingParameters(Map<String, ? extends @Nullable Object> values) {
    return parameterSchema.missing(values);
  }

  /**
   * Makes Java values. What the schema can't say is found here: what the constructors of records
   * refuse, and blocks that can't be loaded.
   */
  private List<@Nullable Object> read(
      Map<String, ? extends @Nullable Object> values,
      Collection<String> names,
      ReadContext context,
      Problems problems) {
    problems.throwIfAny();
    List<@Nullable Object> read = new ArrayList<>();
    for (String name : names) {
      FieldModel parameter = Objects.requireNonNull(parameters.get(name));
      problems.check(
          name, () -> read.add(parameter.readValue(parameter.jsonIn(values), name, context)));
    }
    problems.throwIfAny();
    return read;
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
   * @param blocks where the blocks and secrets are that values refer to
   * @throws SheaveException {@code INVALID}, with all that is wrong, for parameters that don't
   *     exist, are missing, or have values of the wrong type
   */
  public @Nullable Object[] arguments(
      Map<String, ? extends @Nullable Object> values, Blocks blocks) {
    return arguments(values, blocks.parameters());
  }

  /** As {@link #arguments(Map, Blocks)}, of values that name no blocks and no saved secrets. */
  public @Nullable Object[] arguments(Map<String, ? extends @Nullable Object> values) {
    return arguments(values, ReadContext.STRICT);
  }

  private @Nullable Object[] arguments(
      Map<String, ? extends @Nullable Object> values, ReadContext context) {
    Problems problems = new Problems();
    Map<String, @Nullable Object> checked =
        parameterSchema.check(owner(), values, Places.UNTOUCHED, problems);
    ParameterSchema.addMissing(owner(), missingParameters(checked), problems);
    return read(checked, parameters.keySet(), context, problems).toArray();
  }

  /**
   * Calls the flow.
   *
   * @param arguments the result of {@link #arguments}
   * @return the result of the method
   * @throws Throwable any exception of the method
   */
  public @Nullable Object invoke(@Nullable Object[] arguments) throws Throwable {
    return CallableFlow.call(method, arguments);
  }
}
