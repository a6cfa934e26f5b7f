package dev.sheave.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.block.Block;
import dev.sheave.block.Blocks;
import dev.sheave.block.WithoutStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InfraOverridesTest {
  private static final Blocks BLOCKS = WithoutStore.blocks(ProcessInfrastructure.class);

  private static final ProcessInfrastructure PROCESS =
      ProcessInfrastructure.builder()
          .env(Map.of("A", "a", "B", "b"))
          .labels(Map.of("app.kubernetes.io/name", "sheave"))
          .build();

  private static Map<String, @Nullable Object> normalized(String key, @Nullable Object value) {
    Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
    overrides.put(key, value);
    return InfraOverrides.normalize(ProcessInfrastructure.class, overrides);
  }

  private static ProcessInfrastructure applied(String key, @Nullable Object value) {
    Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
    overrides.put(key, value);
    return (ProcessInfrastructure) InfraOverrides.apply(BLOCKS, PROCESS, List.of(overrides));
  }

  @Test
  void nestedAndDottedKeysAreOneAndAreStoredFlat() {
    assertThat(normalized("env", Map.of("LOG_LEVEL", "DEBUG")))
        .isEqualTo(Map.of("env.LOG_LEVEL", "DEBUG"));
    assertThat(normalized("env.LOG_LEVEL", "DEBUG")).isEqualTo(Map.of("env.LOG_LEVEL", "DEBUG"));
  }

  @Test
  void settingOneVariableLeavesTheOthers() {
    assertThat(applied("env", Map.of("A", "other", "C", "c")).env())
        .isEqualTo(Map.of("A", "other", "B", "b", "C", "c"));
  }

  @Test
  void aKeyOfAMapMayHaveDots() {
    assertThat(applied("labels.app.kubernetes.io/name", "other").labels())
        .isEqualTo(Map.of("app.kubernetes.io/name", "other"));
    assertThat(applied("labels", Map.of("a.b.c", "d")).labels())
        .isEqualTo(Map.of("app.kubernetes.io/name", "sheave", "a.b.c", "d"));
  }

  @Test
  void textsAndNumbersBecomeWhatTheFieldIs() {
    assertThat(normalized("stream_output", "false")).isEqualTo(Map.of("stream_output", false));
    assertThat(normalized("env.PORT", 8080)).isEqualTo(Map.of("env.PORT", "8080"));
    assertThat(normalized("env.DEBUG", true)).isEqualTo(Map.of("env.DEBUG", "true"));
    assertThat(normalized("command", "[\"run\", \"it\"]"))
        .isEqualTo(Map.of("command", List.of("run", "it")));
  }

  @Test
  void aNullIsStoredAndMeansAbsentInTheRun() {
    Map<String, @Nullable Object> unset = new LinkedHashMap<>();
    unset.put("env.A", null);

    assertThat(normalized("env.A", null)).isEqualTo(unset);
    // the process has no such variable, even if the agent does
    assertThat(applied("env.A", null).env()).containsEntry("A", null).containsEntry("B", "b");
    assertThat(applied("labels.app.kubernetes.io/name", null).labels()).isEmpty();
    assertThat(applied("stream_output", null).streamOutput()).isTrue();
  }

  @Test
  void theBlockItselfIsNotChangedAndNotSaved() {
    Block changed = applied("env.A", "other");

    assertThat(PROCESS.env()).containsEntry("A", "a");
    assertThat(changed.identity()).isEmpty();
    assertThat(InfraOverrides.apply(BLOCKS, PROCESS, List.of(Map.of(), Map.of())))
        .isSameAs(PROCESS);
  }

  @Test
  void theLaterOfTwoLayersIsUsedWhateverTheyName() {
    Map<String, @Nullable Object> deployment = new LinkedHashMap<>();
    deployment.put("env", null);
    deployment.put("env.A", "deployment");
    deployment.put("env.C", "deployment");
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    run.put("env.A", "run");
    assertThat(merged(deployment, run).env()).isEqualTo(Map.of("A", "run", "C", "deployment"));

    run.put("env", null);
    run.remove("env.A");
    assertThat(merged(deployment, run).env()).isEmpty();
  }

  private static ProcessInfrastructure merged(
      Map<String, @Nullable Object> deployment, Map<String, @Nullable Object> run) {
    return (ProcessInfrastructure) InfraOverrides.apply(BLOCKS, PROCESS, List.of(deployment, run));
  }

  @Test
  void aKeyThatTheBlockDoesntHaveNamesTheNearest() {
    assertThatThrownBy(() -> normalized("enw.A", "1"))
        .hasMessage("The block type 'process' has no field 'enw.A'. Did you mean 'env'?");
    assertThatThrownBy(() -> normalized("workingdir", "/tmp"))
        .hasMessageEndingWith("Did you mean 'working_dir'?");
  }

  @Test
  void aValueOfTheWrongTypeIsRefusedWithItsKey() {
    assertThatThrownBy(() -> normalized("stream_output", "maybe"))
        .hasMessage("'stream_output' must be true or false, not 'maybe'.");
    assertThatThrownBy(() -> normalized("env", "A=1"))
        .hasMessageStartingWith("'env' must be an object");
    assertThatThrownBy(() -> normalized("env.A", List.of()))
        .hasMessage("'env.A' must be a string, not a list.");
    assertThatThrownBy(() -> normalized("stream_output.x", 1))
        .hasMessage("'stream_output' must be true or false, so 'stream_output.x' doesn't exist.");
  }

  @Test
  void anUnknownLogLevelIsRefusedWhereItIsWritten() {
    assertThatThrownBy(() -> normalized("env.SHEAVE_LOGGING_LEVEL", "DEBG"))
        .hasMessage(
            "SHEAVE_LOGGING_LEVEL can't be 'DEBG'. Did you mean 'DEBUG'? The levels are: TRACE, DEBUG,"
                + " INFO, WARNING, ERROR, CRITICAL.");
    assertThatThrownBy(
            () ->
                ProcessInfrastructure.builder().env(Map.of("SHEAVE_LOGGING_LEVEL", "LOUD")).build())
        .hasMessageStartingWith("SHEAVE_LOGGING_LEVEL can't be 'LOUD'.");
    assertThat(normalized("env", Map.of("SHEAVE_LOGGING_LEVEL", "debug")))
        .isEqualTo(Map.of("env.SHEAVE_LOGGING_LEVEL", "debug"));
  }

  @Test
  void allVariablesThatCannotBeSetAreSaidAtOnce() {
    assertThatThrownBy(
            () ->
                ProcessInfrastructure.builder()
                    .env(Map.of("A=B", "x", "", "x", "SHEAVE__FLOW_RUN_ID", "x"))
                    .command(List.of())
                    .build())
        .hasMessageContaining("empty command")
        .hasMessageContaining("the name 'A=B': a name has at least one character, and no '='.")
        .hasMessageContaining("the name ''")
        .hasMessageContaining("'env' can't set 'SHEAVE__FLOW_RUN_ID'");
    assertThatThrownBy(() -> applied("env.PREFECT__FLOW_RUN_ID", null))
        .hasMessage(
            "'env' can't set 'PREFECT__FLOW_RUN_ID', by which a program knows its run; leave it"
                + " out.");
    assertThatThrownBy(() -> applied("env", Map.of("A=B", "x"))).hasMessageContaining("'A=B'");
    assertThatThrownBy(() -> applied("env", Map.of("", "x"))).hasMessageContaining("env");
  }
}
