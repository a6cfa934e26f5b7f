package dev.sheave.block.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.SheaveException.Problem;
import dev.sheave.block.BlockField;
import dev.sheave.infrastructure.InfraOverrides;
import dev.sheave.infrastructure.ProcessInfrastructure;
import dev.sheave.internal.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever is wrong is said at once, and where it is. */
class ProblemsTest {

  /** A record in a record. */
  public record Outer(
      @BlockField(description = "A number.") int number,
      @BlockField(description = "Records.") List<Inner> list,
      @BlockField(description = "By name.") Map<String, Integer> map) {}

  /** A record. */
  public record Inner(@BlockField(description = "A flag.") boolean flag) {}

  private static SheaveException refused(Runnable action) {
    return catchThrowableOfType(SheaveException.class, action::run);
  }

  @Test
  void everyValueThatIsReadHasItsPath() {
    SheaveException error =
        refused(
            () ->
                ObjectModel.of(Outer.class)
                    .read(
                        Json.parseObject(
                            "{\"number\": \"x\", \"list\": [{\"flag\": true}, {\"flag\": 1, \"n\":"
                                + " 2}], \"map\": {\"a\": true}, \"more\": 1}",
                            "it"),
                        "at",
                        ReadContext.STRICT));

    assertThat(error.code()).isEqualTo(Code.INVALID);
    assertThat(error.problems())
        .extracting(Problem::path)
        .containsExactly("at.number", "at.list[1].flag", "at.list[1].n", "at.map.a", "at.more");
    assertThat(error.problems())
        .allSatisfy(problem -> assertThat(error.getMessage()).contains(problem.message()));
  }

  @Test
  void oneProblemHasItsPathToo() {
    SheaveException error =
        refused(
            () ->
                ObjectModel.of(Inner.class).read(Json.object("flag", 3), "at", ReadContext.STRICT));

    assertThat(error.problems())
        .containsExactly(new Problem("at.flag", "'at.flag' must be true or false, not 3."));
    assertThat(error).hasMessage("'at.flag' must be true or false, not 3.");
  }

  @Test
  void theMessageIsBoundedAndTheListIsnt() {
    Problems problems = new Problems();
    IntStream.range(0, 12).forEach(i -> problems.add("p" + i, "Sentence " + i + "."));

    SheaveException error = refused(problems::throwIfAny);

    assertThat(error).hasMessageEndingWith("Sentence 9. And 2 more.");
    assertThat(error.problems()).hasSize(12).contains(new Problem("p11", "Sentence 11."));
  }

  @Test
  void overridesSayAll() {
    SheaveException error =
        refused(
            () ->
                InfraOverrides.normalize(
                    ProcessInfrastructure.class,
                    Json.object(
                        "envv.A",
                        "1",
                        "stream_output",
                        "perhaps",
                        "env.SHEAVE_LOGGING_LEVEL",
                        "x")));

    assertThat(error.problems())
        .extracting(Problem::path)
        .containsExactly("envv.A", "stream_output", "env.SHEAVE_LOGGING_LEVEL");
  }

  @Test
  void aFailureOfOneThingIsOneProblem() {
    assertThat(new SheaveException(Code.NOT_FOUND, "It isn't there.").problems())
        .containsExactly(new Problem("", "It isn't there."));
  }

  @Test
  void problemsHoldNoLogin() {
    assertThat(new Problem("", "See https://me:pw@host/x.").message()).doesNotContain("pw");
  }
}
