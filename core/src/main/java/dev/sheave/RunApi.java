package dev.sheave;

/** What serves records to runs, see {@link RunApiProvider}. Safe for use by several threads. */
public interface RunApi extends AutoCloseable {

  /** The port that it listens at. */
  int port();

  /** Stops: takes no more requests, and waits for those in progress. */
  @Override
  void close();
}
