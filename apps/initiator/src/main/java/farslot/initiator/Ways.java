package farslot.initiator;

import farslot.carrier.Dialers;
import farslot.carrier.EthernetCounters;
import farslot.carrier.RailAddress;
import farslot.carrier.RailSecurity;
import farslot.control.Paths;
import farslot.link.Dialer;
import farslot.link.FrameFormat;
import farslot.link.LinkInitiator;
import farslot.link.PathStatus;
import farslot.linux.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The ways to the appliance: addresses, their dialers, and the numbers that the link gave them. */
final class Ways {
  private final EventLoop loop;
  private final UnaryOperator<Dialer> around;
  private final Optional<RailSecurity> security;
  private final Map<Integer, RailAddress> addresses = new TreeMap<>();
  private final EthernetCounters ethernet = new EthernetCounters();

  /**
   * With those of the configuration, which are numbered in its order.
   *
   * @param around what is put around each dialer
   * @param security with it, only rails that it protects are made
   */
  Ways(
      EventLoop loop,
      UnaryOperator<Dialer> around,
      Optional<RailSecurity> security,
      List<RailAddress> configured) {
    this.loop = loop;
    this.around = around;
    this.security = security;
    for (RailAddress address : configured) {
      addresses.put(addresses.size(), address);
    }
  }

  /** One for each. */
  List<Dialer> dialers() {
    List<Dialer> dialers = new ArrayList<>();
    addresses.values().forEach(address -> dialers.add(dialer(address)));
    return dialers;
  }

  private Dialer dialer(RailAddress address) {
    return around.apply(Dialers.of(loop, address, ethernet, security));
  }

  /** What has been dropped and lost on all Ethernet rails. */
  EthernetCounters ethernetCounters() {
    return ethernet;
  }

  /** As people see and change them. */
  Paths of(LinkInitiator link) {
    return new Paths() {
      @Override
      public List<PathStatus> list() {
        return link.paths();
      }

      @Override
      public int add(String text) {
        RailAddress address = RailAddress.parse(text);
        if (addresses.containsValue(address)) {
          throw new IllegalArgumentException("there is a rail to " + address + " already");
        }
        OptionalInt number = link.addPath(dialer(address), loop.nowNs());
        if (number.isEmpty()) {
          throw new IllegalArgumentException(
              "there are %d rails already, remove one first".formatted(FrameFormat.RAILS_MAX));
        }
        addresses.put(number.getAsInt(), address);
        return number.getAsInt();
      }

      @Override
      public int remove(String which) {
        int number = find(which);
        if (addresses.size() == 1) {
          throw new IllegalArgumentException("it is the only one: add another first");
        }
        addresses.remove(number);
        link.removePath(number, loop.nowNs());
        return number;
      }
    };
  }

  /** Makes the link use these ways, and no others; those that stay are not touched. */
  void change(LinkInitiator link, List<RailAddress> wanted) {
    List<Integer> gone = new ArrayList<>();
    addresses.forEach(
        (number, address) -> {
          if (!wanted.contains(address)) {
            gone.add(number);
          }
        });
    for (RailAddress address : wanted) {
      if (!addresses.containsValue(address)) {
        OptionalInt number = link.addPath(dialer(address), loop.nowNs());
        if (number.isEmpty() && !gone.isEmpty()) {
          remove(link, gone.removeFirst());
          number = link.addPath(dialer(address), loop.nowNs());
        }
        number.ifPresent(n -> addresses.put(n, address));
      }
    }
    gone.forEach(number -> remove(link, number));
  }

  private void remove(LinkInitiator link, int number) {
    addresses.remove(number);
    link.removePath(number, loop.nowNs());
  }

  private int find(String which) {
    for (Map.Entry<Integer, RailAddress> each : addresses.entrySet()) {
      if (which.equals(String.valueOf(each.getKey()))) {
        return each.getKey();
      }
    }
    RailAddress address = RailAddress.parse(which);
    for (Map.Entry<Integer, RailAddress> each : addresses.entrySet()) {
      if (each.getValue().equals(address)) {
        return each.getKey();
      }
    }
    throw new IllegalArgumentException(
        "there is no rail to %s; there are %s".formatted(which, addresses));
  }
}
