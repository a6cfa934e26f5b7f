package dev.sheave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.api.DeploymentRecord;
import dev.sheave.block.Block;
import dev.sheave.block.BlockDraft;
import dev.sheave.block.BlockName;
import dev.sheave.block.BlockReference;
import dev.sheave.block.Blocks;
import dev.sheave.block.SaveMode;
import dev.sheave.block.StringBlock;
import dev.sheave.deployment.Deployment;
import dev.sheave.deployment.DeploymentBuilder;
import dev.sheave.deployment.Deployments;
import dev.sheave.deployment.FlowRunHandle;
import dev.sheave.deployment.RunOptions;
import dev.sheave.flow.Entrypoint;
import dev.sheave.flow.Flow;
import dev.sheave.flow.FlowDefinition;
import dev.sheave.flow.FlowMethod;
import dev.sheave.flow.FlowReference;
import dev.sheave.flow.Param;
import dev.sheave.flow.internal.FlowMethods;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.infrastructure.RunRequest;
import dev.sheave.storage.LocalFileSystem;
import dev.sheave.storage.transfer.RelativePath;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A null for an argument that may not be null is a sentence that names it, all over the API. */
@SuppressWarnings("NullAway") // nulls where they aren't allowed are what is tested
class NullArgumentsTest {

  /** A flow. */
  public static class Flows {
    @Flow(name = "log-flow")
    public static void logFlow(@Param("name") String name) {}
  }

  @TempDir Path folder;
  private Sheave sheave;
  private DeploymentBuilder builder;
  private Deployment deployment;
  private Map<Class<?>, Object> samples;

  @BeforeEach
  void connect() {
    sheave =
        Sheave.builder()
            .url("jdbc:sqlite:" + folder.resolve("sheave.db"))
            .home(folder.resolve("home"))
            .connect();
    Sheave.use(sheave);
    sheave.blocks().save(new StringBlock("x"), "x", SaveMode.CREATE);
    builder = newBuilder();
    deployment = builder.build();
    deployment.apply();
    samples =
        Map.ofEntries(
            Map.entry(String.class, "log-flow"),
            Map.entry(Class.class, StringBlock.class),
            Map.entry(Sheave.class, sheave),
            Map.entry(UUID.class, new UUID(0, 1)),
            Map.entry(ApiAccess.class, ApiAccess.to("https://sheave.test/api")),
            Map.entry(Path.class, folder),
            Map.entry(Map.class, Map.of()),
            Map.entry(List.class, List.of()),
            Map.entry(Set.class, Set.of()),
            Map.entry(Iterable.class, List.of()),
            Map.entry(Duration.class, Duration.ZERO),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(FlowMethod.class, FlowMethods.find(Flows.class, "logFlow")),
            Map.entry(Method.class, FlowMethods.find(Flows.class, "logFlow").method()),
            Map.entry(
                FlowDefinition.class, FlowDefinition.of(FlowMethods.find(Flows.class, "logFlow"))),
            Map.entry(DeploymentRecord.class, sheave.deployments().read("log-flow/null-test")),
            Map.entry(Entrypoint.class, Entrypoint.parse("a.b:c")),
            Map.entry(Deployment.class, deployment),
            Map.entry(Deployments.class, sheave.deployments()),
            Map.entry(RunOptions.class, RunOptions.DEFAULTS),
            Map.entry(Block.class, new StringBlock("y")),
            Map.entry(SaveMode.class, SaveMode.CREATE),
            Map.entry(RelativePath.class, RelativePath.ROOT),
            Map.entry(Consumer.class, (Consumer<Object>) ignored -> {}),
            Map.entry(Blocks.class, sheave.blocks()));
  }

  @AfterEach
  void close() {
    sheave.close();
  }

  private DeploymentBuilder newBuilder() {
    return Deployment.buildFromFlow(FlowMethods.find(Flows.class, "logFlow"), "null-test");
  }

  @Test
  void aNullIsASentenceThatNamesTheArgument() {
    List<String> defects = new ArrayList<>();
    check(Sheave.class, null, defects);
    check(Sheave.Builder.class, Sheave.builder(), defects);
    check(Deployment.class, deployment, defects);
    check(Deployments.class, sheave.deployments(), defects);
    check(DeploymentBuilder.class, builder, defects);
    check(RunOptions.class, RunOptions.DEFAULTS, defects);
    check(
        FlowRunHandle.class,
        sheave
            .deployments()
            .run("log-flow/null-test", RunOptions.DEFAULTS.withParameters(Map.of("name", "x"))),
        defects);
    check(Block.class, new StringBlock("z"), defects);
    check(Blocks.class, sheave.blocks(), defects);
    check(BlockDraft.class, sheave.blocks().draft("string/x"), defects);
    check(BlockReference.class, null, defects);
    check(BlockName.class, null, defects);
    check(Entrypoint.class, null, defects);
    check(FlowReference.class, null, defects);
    check(InfraOverrides.class, null, defects);
    check(RelativePath.class, RelativePath.ROOT, defects);
    check(LocalFileSystem.class, LocalFileSystem.builder().basepath(folder).build(), defects);
    check(LocalFileSystem.Builder.class, LocalFileSystem.builder(), defects);
    check(ProcessInfrastructure.Builder.class, ProcessInfrastructure.builder(), defects);
    check(ApiAccess.class, ApiAccess.to("https://sheave.test/api"), defects);
    check(RunRequest.class, null, defects);
    check(
        RunRequest.Builder.class,
        RunRequest.builder(new UUID(0, 1), "owl", ApiAccess.to("https://sheave.test/api")),
        defects);
    check(RunPreview.class, null, defects);
    check(Agent.class, null, defects);
    check(Agent.Builder.class, Agent.builder(sheave), defects);

    assertThat(defects).isEmpty();
  }

  @Test
  void aNullInAListIsNamedToo() {
    isRefused("tags[1]", () -> newBuilder().tags(Arrays.asList("a", null)));
    isRefused("queues[0]", () -> Agent.builder(sheave).queues((String) null));
    isRefused(
        "deployments[0]", () -> sheave.deployments().applyAll(Collections.singletonList(null)));
  }

  private static void isRefused(String argument, Runnable call) {
    assertThat(messageOf(call)).isEqualTo("INVALID '" + argument + "' must not be null.");
  }

  private static String messageOf(Runnable call) {
    try {
      call.run();
      return "nothing";
    } catch (SheaveException e) {
      return e.code() + " " + e.getMessage();
    }
  }

  /** Calls each public method with a null for one argument after the other. */
  private void check(Class<?> type, @Nullable Object instance, List<String> defects) {
    for (Method method : type.getDeclaredMethods()) {
      boolean isCallable =
          Modifier.isPublic(method.getModifiers())
              && !method.isSynthetic()
              && (instance != null || Modifier.isStatic(method.getModifiers()))
              && !Set.of("equals", "compareTo", "hashCode", "toString").contains(method.getName());
      Parameter[] parameters = method.getParameters();
      for (int i = 0; isCallable && i < parameters.length; i++) {
        if (parameters[i].getType().isPrimitive() || isNullable(parameters[i])) {
          continue;
        }
        Object[] arguments = new Object[parameters.length];
        for (int j = 0; j < arguments.length; j++) {
          arguments[j] = i == j ? null : sample(parameters[j].getType());
        }
        String call = type.getSimpleName() + "." + method.getName() + "(" + i + " = null)";
        try {
          method.setAccessible(true);
          Object result = method.invoke(instance, arguments);
          defects.add(call + " returns " + result);
        } catch (InvocationTargetException e) {
          boolean isRight =
              e.getCause() instanceof SheaveException refused
                  && refused.code() == Code.INVALID
                  && String.valueOf(refused.getMessage()).endsWith(" must not be null.");
          if (!isRight) {
            defects.add(call + " throws " + e.getCause());
          }
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  private static boolean isNullable(Parameter parameter) {
    return Stream.<AnnotatedElement>of(parameter, parameter.getAnnotatedType())
        .flatMap(element -> Arrays.stream(element.getAnnotations()))
        .anyMatch(annotation -> annotation.annotationType() == Nullable.class);
  }

  private @Nullable Object sample(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 1;
    }
    if (type == byte[].class) {
      return new byte[0];
    }
    return samples.entrySet().stream()
        .filter(each -> type.isInstance(each.getValue()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
