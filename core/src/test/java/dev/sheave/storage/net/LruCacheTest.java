package dev.sheave.storage.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LruCacheTest {
  private final AtomicInteger made = new AtomicInteger();
  private final LruCache<String, String> clients =
      new LruCache<>(key -> key + made.incrementAndGet());

  @Test
  void whoAsksForTheSameGetsTheSame() {
    assertThat(clients.get("a")).isEqualTo("a1").isSameAs(clients.get("a"));
    assertThat(clients.get("b")).isEqualTo("b2");
  }

  @Test
  void theOneThatWasAskedForLongestAgoGoesFirst() {
    clients.get("a");
    clients.get("b");
    clients.get("a");
    for (int i = 0; i < 7; i++) {
      clients.get("other " + i);
    }
    assertThat(clients.get("a")).as("asked for after b").isEqualTo("a1");
    assertThat(clients.get("b")).as("made anew").isEqualTo("b10");
  }

  @Test
  void whatCantBeMadeIsNotKept() {
    LruCache<String, String> broken =
        new LruCache<>(
            key -> {
              if (made.incrementAndGet() == 1) {
                throw new IllegalStateException("no credentials");
              }
              return key;
            });
    assertThatThrownBy(() -> broken.get("a")).hasMessage("no credentials");
    assertThat(broken.get("a")).isEqualTo("a");
  }
}
