package dev.sheave.infrastructure.kubernetes;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import dev.sheave.infrastructure.RunNetwork;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeList;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The network between pods and this machine. Safe for use by several threads. */
final class PodNetwork {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int BITS = 8;

  /** A cluster of more nodes than these isn't on this machine. */
  private static final long MAX_NODES = 20;

  /** How long the nodes of a cluster are believed to stay the same. */
  private static final Duration KNOWN_FOR = Duration.ofMinutes(1);

  private final Cluster cluster;
  private List<InetAddress> nodes = List.of();
  private long askedAt = System.nanoTime() - KNOWN_FOR.toNanos();

  PodNetwork(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * See {@link KubernetesJob#network}.
   *
   * @param isShared whether pods have the network of their node
   */
  Optional<RunNetwork> find(boolean isShared) {
    Set<String> ours = new HashSet<>();
    for (InetAddress node : nodes()) {
      Optional<String> here = ownAddress(node);
      if (here.isEmpty() && !isShared) {
        here = bridgeTo(node);
      }
      if (here.isEmpty()) {
        return Optional.empty();
      }
      ours.add(isShared ? LOOPBACK : here.get());
    }
    return ours.size() == 1
        ? ours.stream().findFirst().map(address -> new RunNetwork(address, address))
        : Optional.empty();
  }

  /** Returns the addresses of all nodes; none if they can't be known, or are too many. */
  private synchronized List<InetAddress> nodes() {
    if (System.nanoTime() - askedAt >= KNOWN_FOR.toNanos()) {
      nodes = askForNodes();
      askedAt = System.nanoTime();
    }
    return nodes;
  }

  private List<InetAddress> askForNodes() {
    NodeList list;
    try {
      list =
          cluster.call(
              "list nodes",
              api -> api.nodes().list(new ListOptionsBuilder().withLimit(MAX_NODES).build()));
    } catch (SheaveException e) {
      if (e.code() == Code.PERMISSION_DENIED) {
        return List.of();
      }
      throw e;
    }
    String rest = list.getMetadata().getContinue();
    List<InetAddress> addresses =
        list.getItems().stream().flatMap(node -> addressOf(node).stream()).toList();
    boolean isWhole = rest == null || rest.isEmpty();
    return isWhole && addresses.size() == list.getItems().size() ? addresses : List.of();
  }

  private static Optional<InetAddress> addressOf(Node node) {
    return node.getStatus().getAddresses().stream()
        .filter(each -> "InternalIP".equals(each.getType()))
        .map(NodeAddress::getAddress)
        .findFirst()
        .map(
            text -> {
              try {
                return InetAddress.getByName(text);
              } catch (UnknownHostException e) {
                throw new IllegalStateException("an address needs no name service", e);
              }
            });
  }

  /** The address, if it is this machine's: pods reach the address of their node. */
  private static Optional<String> ownAddress(InetAddress address) {
    try {
      return Optional.ofNullable(NetworkInterface.getByInetAddress(address))
          .map(found -> address.getHostAddress());
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  /** This machine's address in a network of its own with a node, such as one in a container. */
  private static Optional<String> bridgeTo(InetAddress node) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(each -> Files.exists(Path.of("/sys/class/net", each.getName(), "bridge")))
          .flatMap(each -> each.getInterfaceAddresses().stream())
          .filter(each -> contains(each, node))
          .map(each -> each.getAddress().getHostAddress())
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static boolean contains(InterfaceAddress network, InetAddress address) {
    byte[] one = network.getAddress().getAddress();
    byte[] other = address.getAddress();
    int length = network.getNetworkPrefixLength();
    if (one.length != other.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int mask = 0x80 >> i % BITS;
      if (((one[i / BITS] ^ other[i / BITS]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
