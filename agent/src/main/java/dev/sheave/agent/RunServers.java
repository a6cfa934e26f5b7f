package dev.sheave.agent;

import dev.sheave.RunApi;
import dev.sheave.RunApiProvider;
import dev.sheave.Sheave;
import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.internal.IoReason;
import dev.sheave.internal.MissingModule;
import dev.sheave.internal.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers by which runs that can't open an agent's database reach its records. Their addresses
 * are noted in the home, and the next agent of that home listens at them again: runs whose agent
 * has died wait for it. Safe for use by several threads.
 */
final class RunServers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final Sheave sheave;
  private final Path file;
  private final List<Listening> listening = new ArrayList<>();
  private boolean isClosed;

  private record Address(String host, int port) {}

  private record Listening(Address address, RunApi server) {}

  RunServers(Sheave sheave) {
    this.sheave = sheave;
    this.file = sheave.home().resolve("run-servers");
  }

  /** Listens at the addresses of earlier agents, as far as no other agent does. */
  synchronized void resume() {
    for (Address address : noted()) {
      if (!isClosed && listening.stream().noneMatch(each -> each.address.equals(address))) {
        try {
          serve(address);
          LOG.info("Runs reach this agent at {}:{} again.", address.host, address.port);
        } catch (SheaveException e) {
          LOG.debug("Runs don't reach this agent at an earlier address: {}", e.getMessage());
        }
      }
    }
  }

  /**
   * Returns the port at which runs reach the records.
   *
   * @param host where a server listens for them
   * @throws SheaveException {@code UNSUPPORTED} if there is no server on the class path
   */
  synchronized int port(String host) {
    return listeningAt(host)
        .or(
            () -> {
              resume();
              return listeningAt(host);
            })
        .orElseGet(() -> serveAtNewPort(host))
        .port;
  }

  private Optional<Address> listeningAt(String host) {
    return listening.stream()
        .map(Listening::address)
        .filter(address -> address.host.equals(host))
        .findFirst();
  }

  private Address serveAtNewPort(String host) {
    Address address = serve(new Address(host, 0));
    try {
      PrivateFiles.createFolderIfMissing(sheave.home());
      Files.writeString(
          file,
          address.host + " " + address.port + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn(
          "The address of the server for runs can't be noted in {}, so they lose it if this agent"
              + " dies: {}",
          file,
          IoReason.of(e));
    }
    return address;
  }

  private Address serve(Address wanted) {
    if (isClosed) {
      throw new SheaveException(Code.UNAVAILABLE, "The agent was closed; it starts no more runs.");
    }
    RunApi server = provider().serve(sheave, wanted.host, wanted.port);
    Address address = new Address(wanted.host, server.port());
    listening.add(new Listening(address, server));
    return address;
  }

  private static RunApiProvider provider() {
    return ServiceLoader.load(RunApiProvider.class, Sheave.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new SheaveException(
                    Code.UNSUPPORTED,
                    "Runs on this infrastructure reach the records over HTTP: "
                        + MissingModule.remedy("sheave-server", "dev.sheave.server")
                        + ", or connect the agent to a server."));
  }

  private List<Address> noted() {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.matches("\\S+ \\d{1,5}"))
          .map(line -> line.split(" "))
          .map(words -> new Address(words[0], Integer.parseInt(words[1])))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      LOG.warn("The addresses of earlier agents can't be read: {}", IoReason.of(e));
      return List.of();
    }
  }

  @Override
  public void close() {
    List<Listening> open;
    synchronized (this) {
      isClosed = true;
      open = List.copyOf(listening);
      listening.clear();
    }
    open.forEach(each -> each.server.close());
  }
}
