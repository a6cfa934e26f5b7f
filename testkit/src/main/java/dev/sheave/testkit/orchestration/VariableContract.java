package dev.sheave.testkit.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sheave.SheaveException.Code;
import dev.sheave.api.Created;
import dev.sheave.api.FieldMatch;
import dev.sheave.api.Page;
import dev.sheave.api.SavedSearchApi;
import dev.sheave.api.SavedSearchRecord;
import dev.sheave.api.TagMatch;
import dev.sheave.api.VariableApi;
import dev.sheave.api.VariableApi.VariableSort;
import dev.sheave.api.VariableApi.VariableUpdate;
import dev.sheave.api.VariableFilter;
import dev.sheave.api.VariableRecord;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of variables and saved searches. */
public abstract class VariableContract extends OrchestrationContract {

  /** For the test of an implementation. */
  protected VariableContract() {}

  private VariableApi variables() {
    return api().variables();
  }

  private SavedSearchApi searches() {
    return api().savedSearches();
  }

  @Test
  void aVariableIsReadAsItWasCreated() {
    VariableRecord made = variables().createVariable("my_bucket", "s3://x", List.of("a"));

    assertThat(made.name()).isEqualTo("my_bucket");
    assertThat(made.value()).isEqualTo("s3://x");
    assertThat(made.tags()).containsExactly("a");
    assertThat(variables().readVariable(made.id())).isEqualTo(made);
    assertThat(variables().findVariable("my_bucket")).contains(made);
    assertThat(variables().findVariable("other")).isEmpty();
    assertRefused(
        Code.ALREADY_EXISTS, () -> variables().createVariable("my_bucket", "y", List.of()));
    assertRefused(Code.NOT_FOUND, () -> variables().readVariable(UUID.randomUUID()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "My", "a-b", "a b", "ä"})
  void aVariablesNameIsPlain(String name) {
    assertRefused(Code.INVALID, () -> variables().createVariable(name, "x", List.of()));
  }

  @Test
  void aVariableHasBounds() {
    String longest = "x".repeat(VariableApi.MAX_VALUE_LENGTH);

    assertThat(variables().createVariable("a", longest, List.of()).value()).isEqualTo(longest);
    assertRefused(Code.INVALID, () -> variables().createVariable("b", longest + "x", List.of()));
    assertRefused(
        Code.INVALID,
        () ->
            variables()
                .createVariable("b".repeat(VariableApi.MAX_NAME_LENGTH + 1), "x", List.of()));
  }

  @Test
  void variablesAreFoundChangedAndDeleted() {
    VariableRecord a = variables().createVariable("a", "one", List.of("t"));
    VariableRecord b = variables().createVariable("b", "two", List.of());

    assertThat(variables().listVariables(VariableFilter.ALL, VariableSort.NAME_DESC, Page.FIRST))
        .containsExactly(b, a);
    assertThat(
            variables()
                .listVariables(VariableFilter.ALL, VariableSort.NAME_ASC, Page.FIRST.after(a.id())))
        .containsExactly(b);
    VariableFilter tagged =
        VariableFilter.ALL.toBuilder()
            .tags(TagMatch.all(List.of("t")))
            .value(FieldMatch.like("ON"))
            .build();
    assertThat(variables().listVariables(tagged, VariableSort.CREATED_DESC, Page.FIRST))
        .containsExactly(a);
    assertThat(variables().countVariables(tagged)).isEqualTo(1);
    assertThat(variables().countVariables(VariableFilter.ALL)).isEqualTo(2);

    variables().updateVariable(a.id(), VariableUpdate.NONE.withValue("three").withName("c"));
    VariableRecord changed = variables().readVariable(a.id());
    assertThat(changed.name()).isEqualTo("c");
    assertThat(changed.value()).isEqualTo("three");
    assertThat(changed.tags()).containsExactly("t");
    assertThat(changed.updated()).isAfter(a.updated());
    assertRefused(
        Code.ALREADY_EXISTS,
        () -> variables().updateVariable(a.id(), VariableUpdate.NONE.withName("b")));
    assertRefused(
        Code.INVALID, () -> variables().updateVariable(a.id(), VariableUpdate.NONE.withName("B")));

    variables().deleteVariable(a.id());
    assertThat(variables().findVariable("c")).isEmpty();
    assertRefused(Code.NOT_FOUND, () -> variables().deleteVariable(a.id()));
  }

  @Test
  void aSearchIsSavedUnderItsName() {
    var failed =
        new SavedSearchRecord.Filter("flow_run", "state", "string", "is", List.of("FAILED"));
    Created<SavedSearchRecord> made = searches().saveSearch("failed", List.of(failed));
    Created<SavedSearchRecord> again = searches().saveSearch("failed", List.of());
    searches().saveSearch("all", List.of(failed));

    assertThat(made.isNew()).isTrue();
    assertThat(made.record().filters()).containsExactly(failed);
    assertThat(again.isNew()).isFalse();
    assertThat(again.record().id()).isEqualTo(made.record().id());
    assertThat(searches().readSavedSearch(made.record().id())).isEqualTo(again.record());
    assertThat(searches().listSavedSearches(Page.FIRST))
        .extracting(SavedSearchRecord::name)
        .containsExactly("all", "failed");
    searches().deleteSavedSearch(made.record().id());
    assertRefused(Code.NOT_FOUND, () -> searches().deleteSavedSearch(made.record().id()));
    assertRefused(Code.INVALID, () -> searches().saveSearch(" ", List.of()));
  }
}
