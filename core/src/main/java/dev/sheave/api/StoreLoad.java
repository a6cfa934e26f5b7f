package dev.sheave.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is to be done in a store, and how busy this program's connections to it are. Immutable.
 *
 * @param runs how many flow runs are in each state that isn't an end
 * @param queues all work queues
 * @param connections this program's connections to the database
 */
public record StoreLoad(
    Map<StateType, Integer> runs, List<QueueLoad> queues, ConnectionLoad connections) {

  /** Copies the values. */
  public StoreLoad {
    runs = Map.copyOf(runs);
    queues = List.copyOf(queues);
  }

  /**
   * How many runs wait in a work queue though they are due.
   *
   * @param pool the name of its work pool
   * @param queue its name
   * @param dueRuns how many
   * @param lag how long ago the oldest of them was due; zero if there is none
   */
  public record QueueLoad(String pool, String queue, int dueRuns, Duration lag) {}

  /**
   * How busy connections are.
   *
   * @param active how many are in use
   * @param idle how many are open and not in use
   * @param waiting how many threads wait for one
   * @param max how many there are at most
   */
  public record ConnectionLoad(int active, int idle, int waiting, int max) {}
}
