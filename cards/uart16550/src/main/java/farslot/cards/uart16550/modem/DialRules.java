package farslot.cards.uart16550.modem;

import java.util.List;
import java.util.Locale;

/**
 * Which addresses may be dialled beside a directory's. None, unless told otherwise: whoever has a
 * modem must not be able to look for open ports in the appliance's network. A rule for a network
 * permits addresses, not names that lead there: what a name means is the name server's to say.
 */
final class DialRules {
  private static final int ADDRESS_BITS = 32;
  private static final String ANY = "*";

  /**
   * One of them.
   *
   * @param host a name or an address, or {@code *} for any; null for a network
   * @param network an IPv4 network's number
   * @param bits of it that count
   * @param port or 0 for any
   */
  record Rule(String host, int network, int bits, int port) {
    boolean permits(String to, int port) {
      if (this.port != 0 && this.port != port) {
        return false;
      }
      if (host != null) {
        return host.equals(ANY) || host.equalsIgnoreCase(to);
      }
      long address = ipv4(to);
      return address >= 0 && (bits == 0 || ((int) address ^ network) >>> ADDRESS_BITS - bits == 0);
    }
  }

  private final List<Rule> rules;

  DialRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Whether nothing is permitted. */
  boolean none() {
    return rules.isEmpty();
  }

  /** Reads {@code any}, {@code HOST:PORT}, {@code ADDRESS/BITS:PORT}; null if it is none. */
  static Rule read(String text) {
    String word = text.trim().toLowerCase(Locale.ROOT);
    if (word.equals("any")) {
      return new Rule(ANY, 0, 0, 0);
    }
    int colon = word.lastIndexOf(':');
    int port = colon <= 0 ? -1 : port(word.substring(colon + 1));
    if (port < 0) {
      return null;
    }
    String host = word.substring(0, colon);
    int slash = host.indexOf('/');
    if (slash < 0) {
      return new Rule(host, 0, 0, port);
    }
    long network = ipv4(host.substring(0, slash));
    int bits = decimal(host.substring(slash + 1), ADDRESS_BITS);
    return network < 0 || bits < 0 ? null : new Rule(null, (int) network, bits, port);
  }

  private static int port(String text) {
    int port = decimal(text, 65_535);
    return text.equals(ANY) ? 0 : port == 0 ? -1 : port;
  }

  private static int decimal(String text, int max) {
    boolean digits =
        !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int value = digits ? Integer.parseInt(text) : -1;
    return value <= max ? value : -1;
  }

  /** Four numbers, or -1. */
  private static long ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    long address = parts.length == 4 ? 0 : -1;
    for (int i = 0; i < parts.length && address >= 0; i++) {
      int part = decimal(parts[i], 255);
      address = part < 0 ? -1 : address << Byte.SIZE | part;
    }
    return address;
  }

  /** Whether {@code host:port} may be dialled. */
  boolean permit(String address) {
    int colon = address.lastIndexOf(':');
    int port = colon <= 0 ? -1 : decimal(address.substring(colon + 1), 65_535);
    if (port <= 0) {
      return false;
    }
    for (Rule rule : rules) {
      if (rule.permits(address.substring(0, colon), port)) {
        return true;
      }
    }
    return false;
  }
}
