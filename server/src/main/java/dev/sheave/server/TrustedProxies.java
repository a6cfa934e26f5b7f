package dev.sheave.server;

import dev.sheave.SheaveException;
import dev.sheave.SheaveException.Code;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Takes from proxies that are trusted, and from nobody else, what they say of a request: who sent
 * it, and to which name ({@code Forwarded}, {@code X-Forwarded-…}).
 */
final class TrustedProxies implements HttpConfiguration.Customizer {
  private final ForwardedRequestCustomizer forwarded = new ForwardedRequestCustomizer();
  private final List<Network> networks;

  /** Addresses that begin with the same bits. */
  private record Network(InetAddress address, int bits) {

    boolean contains(InetAddress other) {
      byte[] own = address.getAddress();
      byte[] others = other.getAddress();
      if (own.length != others.length) {
        return false;
      }
      int rest = own.length * Byte.SIZE - bits;
      return new BigInteger(1, own)
          .shiftRight(rest)
          .equals(new BigInteger(1, others).shiftRight(rest));
    }
  }

  /**
   * Trusts some proxies.
   *
   * @param networks addresses such as {@code 10.1.2.3}, or networks such as {@code 10.0.0.0/8}
   * @throws SheaveException {@code INVALID} for anything else
   */
  TrustedProxies(List<String> networks) {
    this.networks = networks.stream().map(TrustedProxies::network).toList();
  }

  private static Network network(String text) {
    String[] parts = text.strip().split("/", -1);
    // a name would be looked up
    if (parts.length <= 2 && parts[0].matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      try {
        InetAddress address = InetAddress.getByName(parts[0]);
        int all = address.getAddress().length * Byte.SIZE;
        int bits = parts.length == 1 ? all : Integer.parseInt(parts[1]);
        if (bits >= 0 && bits <= all) {
          return new Network(address, bits);
        }
      } catch (UnknownHostException | NumberFormatException e) {
        // told below
      }
    }
    throw new SheaveException(
        Code.INVALID,
        "A trusted proxy must be an address such as 10.1.2.3, or a network such as 10.0.0.0/8, not"
            + " '"
            + text
            + "'.");
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    return isTrusted(Request.getRemoteAddr(request))
        ? forwarded.customize(request, responseHeaders)
        : request;
  }

  private boolean isTrusted(String address) {
    try {
      InetAddress sender = InetAddress.getByName(address);
      return networks.stream().anyMatch(network -> network.contains(sender));
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
