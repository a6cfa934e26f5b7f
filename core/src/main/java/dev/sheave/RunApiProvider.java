package dev.sheave;

/**
 * Serves the records of a database over HTTP to runs that can't open it, such as containers; found
 * with {@link java.util.ServiceLoader}. Sheave's own is in {@code sheave-server}.
 */
public interface RunApiProvider {

  /**
   * Starts to serve. Only the keys of runs are taken, see {@link
   * dev.sheave.api.FlowRunApi#createRunKey}.
   *
   * @param sheave the records; stay open as long as the result
   * @param host the name or address to listen at
   * @param port the port; 0 for a free one
   * @throws SheaveException {@code CONFLICT} if the port is taken, {@code INVALID} for a wrong host
   */
  RunApi serve(Sheave sheave, String host, int port);
}
