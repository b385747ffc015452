package farslot.cards.nic82599.bridge;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the appliance says about a port. A guest cannot change any of it.
 *
 * @param mac the port's address; 0 when the configuration says none: then one is made, and the
 *     guest may choose another
 * @param vlan the port's own VLAN, 1 to 4094: the switch tags what the guest sends and shows it
 *     nothing else; 0 for none
 * @param vlans the VLANs that a guest may join by tags of its own; all unless said otherwise
 * @param rateBps bits of frames a second, committed; 0 is unlimited
 * @param peakBps bits a second within a burst, at least the rate; 0 is unlimited
 * @param burstBytes what may be sent beyond the committed rate at once
 * @param trust promiscuity and all-multicast when asked for, and addresses of the guest's choice
 * @param spoofCheck frames whose source or VLAN is not the port's are dropped
 * @param link as the uplink's, or always up or down whatever the uplink does
 */
public record PortPolicy(
    long mac,
    int vlan,
    BitSet vlans,
    long rateBps,
    long peakBps,
    long burstBytes,
    boolean trust,
    boolean spoofCheck,
    Link link) {
  /** Highest VLAN; 4095 is reserved. */
  public static final int VLAN_MAX = 4094;

  /** Two segments that a driver has the card cut, at least: they come at once. */
  private static final long BURST_BYTES_MIN = 128 << 10;

  private static final long BURST_BYTES_MAX = 1L << 30;
  private static final long RATE_BPS_MIN = 64_000;
  private static final long RATE_BPS_MAX = 100_000_000_000L;

  /** A burst lasts so long at the committed rate unless said otherwise. */
  private static final long BURST_MS = 10;

  private static final Pattern RATE =
      Pattern.compile("(\\d{1,12})(?:\\.(\\d))? ?([kmg]?)(?:bit(?:/s)?|bps)?");

  /** What the guest is told of its link. */
  public enum Link {
    /** As the uplink's carrier; up where there is no uplink. */
    AUTO,
    ON,
    OFF
  }

  /** A port of which nothing is said. */
  public static PortPolicy usual() {
    return new PortPolicy(0, 0, all(), 0, 0, BURST_BYTES_MIN, false, true, Link.AUTO);
  }

  /** Reads {@code mac, vlan, vlans, rate, peak, burst, trust, spoof-check, link} of an entry. */
  public static PortPolicy read(CardConfig config) throws CardConfigException {
    long rate = rate(config, "rate");
    long peak = rate(config, "peak");
    if (peak != 0 && peak < rate) {
      throw config.wrong("peak", "at least the rate");
    }
    int vlan = (int) config.number("vlan", 0, 0, VLAN_MAX);
    if (vlan != 0 && config.has("vlans")) {
      throw config.wrong("vlans", "left out: this port has 'vlan: " + vlan + "' of its own");
    }
    return new PortPolicy(
        mac(config),
        vlan,
        vlans(config),
        rate,
        peak,
        burst(config, rate),
        config.bool("trust", false),
        config.bool("spoof-check", true),
        link(config));
  }

  private static long mac(CardConfig config) throws CardConfigException {
    if (!config.has("mac")) {
      return 0;
    }
    String text = config.string("mac");
    if (!Mac.isOne(text) || !Mac.isStation(Mac.parse(text))) {
      throw config.wrong("mac", "a station's address such as 02:00:5e:10:00:01");
    }
    return Mac.parse(text);
  }

  /** Whether both ports would be the same station of one network. */
  public boolean clashesWith(PortPolicy other) {
    return mac != 0 && mac == other.mac && vlan == other.vlan;
  }

  private static BitSet all() {
    BitSet all = new BitSet(VLAN_MAX + 1);
    all.set(1, VLAN_MAX + 1);
    return all;
  }

  private static BitSet vlans(CardConfig config) throws CardConfigException {
    if (!config.has("vlans")) {
      return all();
    }
    BitSet some = new BitSet(VLAN_MAX + 1);
    for (String word : config.strings("vlans")) {
      int id = word.matches("\\d{1,4}") ? Integer.parseInt(word) : 0;
      if (id < 1 || id > VLAN_MAX) {
        throw config.wrong("vlans", "a list of numbers from 1 to " + VLAN_MAX);
      }
      some.set(id);
    }
    return some;
  }

  private static long rate(CardConfig config, String key) throws CardConfigException {
    if (!config.has(key)) {
      return 0;
    }
    Matcher m = RATE.matcher(config.string(key).trim().toLowerCase(Locale.ROOT));
    if (m.matches()) {
      long tenths = Long.parseLong(m.group(1)) * 10;
      tenths += m.group(2) == null ? 0 : Long.parseLong(m.group(2));
      long unit =
          switch (m.group(3)) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            case "g" -> 1_000_000_000;
            default -> 1;
          };
      if (tenths <= RATE_BPS_MAX / unit * 10 && tenths * unit / 10 >= RATE_BPS_MIN) {
        return tenths * unit / 10;
      }
    }
    throw config.wrong(key, "bits a second such as 100M or 2.5Gbit, from 64k to 100G");
  }

  private static long burst(CardConfig config, long rateBps) throws CardConfigException {
    long burst = config.size("burst", usualBurstBytes(rateBps));
    if (burst < BURST_BYTES_MIN || burst > BURST_BYTES_MAX) {
      throw config.wrong("burst", "a size from 128KiB to 1GiB");
    }
    return burst;
  }

  /** What may be sent at once at a rate of which nothing else is said: some ms of it. */
  static long usualBurstBytes(long bps) {
    return Math.clamp(bps / 8 * BURST_MS / 1000, BURST_BYTES_MIN, BURST_BYTES_MAX);
  }

  private static Link link(CardConfig config) throws CardConfigException {
    return switch (config.string("link", "auto").toLowerCase(Locale.ROOT)) {
      case "auto" -> Link.AUTO;
      case "on", "true", "yes" -> Link.ON;
      case "off", "false", "no" -> Link.OFF;
      default -> throw config.wrong("link", "auto, on or off");
    };
  }
}
