package dev.sheave.storage.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sheave.storage.net.SharedResources.Loan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedResourcesTest {
  private final List<Runnable> later = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private final SharedResources<String, String> shared =
      new SharedResources<>(closed::add, later::add);

  private Loan<String> borrow(String key) {
    return shared.borrow(key, () -> key + made.incrementAndGet());
  }

  /** The time passes for which it is kept. */
  private void pass() {
    List<Runnable> due = List.copyOf(later);
    later.clear();
    due.forEach(Runnable::run);
  }

  @Test
  void whoAsksForTheSameGetsTheSame() {
    try (Loan<String> one = borrow("a");
        Loan<String> same = borrow("a");
        Loan<String> other = borrow("b")) {
      assertThat(one.value()).isEqualTo("a1").isSameAs(same.value());
      assertThat(other.value()).isEqualTo("b2");
    }
  }

  @Test
  void itIsKeptAWhileAfterTheLastUse() {
    Loan<String> first = borrow("a");
    Loan<String> second = borrow("a");
    first.close();
    pass();
    assertThat(closed).as("there is a user left").isEmpty();

    second.close();
    assertThat(closed).as("not at once").isEmpty();
    pass();
    assertThat(closed).containsExactly("a1");
    assertThat(borrow("a").value()).isEqualTo("a2");
  }

  @Test
  void aUseInTheMeantimeKeepsItForAWhileOfItsOwn() {
    borrow("a").close();
    borrow("a").close();
    assertThat(later).hasSize(2);
    later.remove(0).run();
    assertThat(closed).as("the first while is over, the second isn't").isEmpty();

    pass();
    assertThat(closed).containsExactly("a1");
  }

  @Test
  void whatIsGivenBackTwiceCountsOnce() {
    Loan<String> first = borrow("a");
    Loan<String> second = borrow("a");
    first.close();
    first.close();
    pass();

    assertThat(closed).isEmpty();
    second.close();
    pass();
    assertThat(closed).containsExactly("a1");
  }

  @Test
  void whatCanNotBeMadeIsTriedAgain() {
    assertThatThrownBy(
            () ->
                shared.borrow(
                    "a",
                    () -> {
                      throw new IllegalStateException("no way");
                    }))
        .hasMessage("no way");

    assertThat(borrow("a").value()).isEqualTo("a1");
  }
}
