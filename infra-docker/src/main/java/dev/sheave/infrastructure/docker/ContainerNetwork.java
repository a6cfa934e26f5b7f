package dev.sheave.infrastructure.docker;

import com.github.dockerjava.api.model.Network;
import dev.sheave.infrastructure.RunNetwork;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The network of a block's containers. */
final class ContainerNetwork {
  static final String HOST = "host";

  /** The machine as containers see it that don't share its network. */
  static final String HOST_FROM_INSIDE = "host.docker.internal";

  private static final String LOOPBACK = "127.0.0.1";
  private static final String NONE = "none";
  private static final String OF_CONTAINER = "container:";
  private static final List<String> DEFAULT = List.of("bridge", "default");

  /** What isn't a network's name, with the modes of Podman; others have a colon. */
  private static final Set<String> MODES =
      Set.of(HOST, NONE, "bridge", "default", "private", "slirp4netns", "pasta");

  private static final String BRIDGE_OPTION = "com.docker.network.bridge.name";

  /** How much of a network's id is in its bridge's name. */
  private static final int ID_IN_BRIDGE = 12;

  private ContainerNetwork() {}

  static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  /**
   * Returns the network mode of a container; null for the engine's default.
   *
   * @param isApiLocal whether the API is at an address of the loopback device
   */
  static @Nullable String mode(DockerContainer block, boolean isApiLocal) {
    if (block.networkMode() != null) {
      return block.networkMode();
    }
    if (!block.networks().isEmpty()) {
      return block.networks().get(0);
    }
    return isApiLocal && isLinux() ? HOST : null;
  }

  /** Returns the network that the mode names, if it names one. */
  static Optional<String> namedByMode(DockerContainer block) {
    return Optional.ofNullable(block.networkMode())
        .filter(mode -> !MODES.contains(mode) && !mode.contains(":"));
  }

  /** Returns the container whose network the mode shares, if it shares one's. */
  static Optional<String> sharedByMode(DockerContainer block) {
    return Optional.ofNullable(block.networkMode())
        .filter(mode -> mode.startsWith(OF_CONTAINER))
        .map(mode -> mode.substring(OF_CONTAINER.length()));
  }

  static boolean exists(Engine engine, String network) {
    return engine
        .find(
            "show the network '" + network + "'",
            docker -> docker.inspectNetworkCmd().withNetworkId(network).exec())
        .isPresent();
  }

  private static Network inspect(Engine engine, String network) {
    return engine.call(
        "show the network '" + network + "'",
        docker -> docker.inspectNetworkCmd().withNetworkId(network).exec());
  }

  /** See {@link DockerContainer#network}. */
  static Optional<RunNetwork> of(DockerContainer block, Supplier<Engine> engine) {
    String mode = mode(block, true);
    if (mode == null) { // Docker Desktop
      return Optional.of(new RunNetwork(LOOPBACK, HOST_FROM_INSIDE));
    }
    if (mode.equals(NONE) || mode.startsWith(OF_CONTAINER) || !engine.get().isOnThisHost()) {
      return Optional.empty();
    }
    return mode.equals(HOST)
        ? Optional.of(new RunNetwork(LOOPBACK, LOOPBACK))
        : gateway(engine.get(), DEFAULT.contains(mode) ? DEFAULT.get(0) : mode)
            .map(address -> new RunNetwork(address, address));
  }

  /** The machine's own address in a network: that of the bridge, if the engine doesn't say it. */
  private static Optional<String> gateway(Engine engine, String network) {
    Network found = inspect(engine, network);
    Optional<String> told =
        Optional.ofNullable(found.getIpam())
            .map(Network.Ipam::getConfig)
            .map(List::stream)
            .orElse(Stream.empty())
            .map(Network.Ipam.Config::getGateway)
            .filter(Objects::nonNull)
            .findFirst();
    return told.or(
        () ->
            addressOf(
                found
                    .getOptions()
                    .getOrDefault(
                        BRIDGE_OPTION, "br-" + found.getId().substring(0, ID_IN_BRIDGE))));
  }

  private static Optional<String> addressOf(String bridge) {
    try {
      return Optional.ofNullable(NetworkInterface.getByName(bridge)).stream()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet4Address.class::isInstance)
          .map(InetAddress::getHostAddress)
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }
}
