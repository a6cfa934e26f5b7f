package dev.sheave.agent;

import dev.sheave.Sheave;
import dev.sheave.api.Feature;
import dev.sheave.infrastructure.ApiAccess;
import dev.sheave.infrastructure.Infrastructure;
import dev.sheave.infrastructure.RunNetwork;
import dev.sheave.internal.SheaveOnly;
import java.util.Optional;
import java.util.UUID;

/**
 * How runs reach their records: as their agent does, or by a server that it starts for them. Over
 * HTTP each has a key of its own. Safe for use by several threads.
 */
final class RunAccess implements AutoCloseable {
  private static final RunNetwork THIS_MACHINE = new RunNetwork("127.0.0.1", "127.0.0.1");

  private final Sheave sheave;
  private final RunServers servers;

  RunAccess(Sheave sheave) {
    this.sheave = sheave;
    this.servers = new RunServers(sheave);
  }

  /** Returns the agent's own access. */
  ApiAccess ofAgent() {
    return ApiAccess.to(sheave.api().url())
        .withKey(sheave.key(SheaveOnly.PASS).orElse(null))
        .withEncryptionKey(sheave.encryptionKey(SheaveOnly.PASS).orElse(null));
  }

  /**
   * Returns the access of a run that is about to be started.
   *
   * @param isPython whether a program of Python executes it, which opens no database
   */
  ApiAccess of(UUID run, Infrastructure where, boolean isPython) {
    ApiAccess ofAgent = ofAgent();
    if (!ofAgent.opensStore()) {
      return sheave.api().features().contains(Feature.RUN_KEYS)
          ? withOwnKey(run, ofAgent)
          : ofAgent;
    }
    Optional<RunNetwork> network =
        where.network().or(() -> isPython ? Optional.of(THIS_MACHINE) : Optional.empty());
    if (network.isEmpty()) {
      return ofAgent;
    }
    int port = servers.port(network.get().listenAt());
    String host = network.get().reachedAs();
    String inUrl = host.contains(":") ? "[" + host + "]" : host;
    return withOwnKey(run, ApiAccess.to("http://" + inUrl + ":" + port + "/api"));
  }

  private ApiAccess withOwnKey(UUID run, ApiAccess access) {
    return access.withKey(sheave.api().flowRuns().createRunKey(run));
  }

  /** Lets runs of agents that have died reach their records again. */
  void resume() {
    if (ofAgent().opensStore()) {
      servers.resume();
    }
  }

  @Override
  public void close() {
    servers.close();
  }
}
