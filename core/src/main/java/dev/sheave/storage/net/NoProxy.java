package dev.sheave.storage.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * The value of {@code NO_PROXY}: servers that are reached directly. Entries are separated by commas
 * or blanks:
 *
 * <ul>
 *   <li>{@code *}: every server;
 *   <li>{@code example.com}, {@code .example.com} or {@code *.example.com}: that host and all below
 *       it;
 *   <li>{@code 10.0.0.1}, {@code [::1]}: that address;
 *   <li>{@code 10.0.0.0/8}, {@code fd00::/8}: the addresses of that block;
 *   <li>{@code example.com:8080}, {@code 10.0.0.1:8080}: the same at one port.
 * </ul>
 *
 * Names aren't resolved, so an address matches only if the server is named by its address.
 */
final class NoProxy {
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");
  private static final Pattern IPV6 =
      Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern PORT = Pattern.compile("(?:[^:]+|\\[.*]):\\d{1,5}");

  /** A host and a port. */
  private final BiPredicate<String, Integer> direct;

  private NoProxy(BiPredicate<String, Integer> direct) {
    this.direct = direct;
  }

  static NoProxy parse(String value) {
    BiPredicate<String, Integer> any = (host, port) -> false;
    for (String entry : SEPARATOR.split(value.strip())) {
      if (!entry.isEmpty()) {
        any = any.or(entry(entry.toLowerCase(Locale.ROOT)));
      }
    }
    return new NoProxy(any);
  }

  /** Whether a server is reached directly. */
  boolean contains(String host, int port) {
    String name = withoutBrackets(host.toLowerCase(Locale.ROOT));
    return direct.test(name.endsWith(".") ? name.substring(0, name.length() - 1) : name, port);
  }

  private static BiPredicate<String, Integer> entry(String entry) {
    if (entry.equals("*")) {
      return (host, port) -> true;
    }
    if (PORT.matcher(entry).matches()) {
      int colon = entry.lastIndexOf(':');
      int only = Integer.parseInt(entry.substring(colon + 1));
      return entry(entry.substring(0, colon)).and((host, port) -> port == only);
    }
    int slash = entry.indexOf('/');
    Optional<InetAddress> address =
        address(withoutBrackets(slash < 0 ? entry : entry.substring(0, slash)));
    if (address.isPresent()) {
      byte[] bytes = address.get().getAddress();
      int bits = slash < 0 ? bytes.length * 8 : bits(entry.substring(slash + 1), bytes.length * 8);
      return (host, port) -> address(host).filter(one -> isWithin(one, bytes, bits)).isPresent();
    }
    String name = entry.replaceFirst("^[*]?[.]+", "").replaceFirst("[.]$", "");
    return (host, port) ->
        !name.isEmpty()
            && (host.equals(name) || (host.endsWith("." + name) && address(host).isEmpty()));
  }

  /** Returns a length that no address has if it isn't valid. */
  private static int bits(String text, int most) {
    int bits = text.matches("\\d{1,3}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
    return bits <= most ? bits : Integer.MAX_VALUE;
  }

  private static boolean isWithin(InetAddress address, byte[] block, int bits) {
    byte[] bytes = address.getAddress();
    if (bytes.length != block.length || bits > 8 * bytes.length) {
      return false;
    }
    int whole = bits / 8;
    int rest = 0xff << (8 - bits % 8) & 0xff;
    return Arrays.equals(bytes, 0, whole, block, 0, whole)
        && (bits % 8 == 0 || ((bytes[whole] ^ block[whole]) & rest) == 0);
  }

  static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** Reads an address without asking for a name. */
  static Optional<InetAddress> address(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
