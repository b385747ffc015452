package farslot.initiator;

import farslot.api.agent.HoldingOrder;
import farslot.carrier.RailAddress;
import farslot.initiator.orders.Means;
import farslot.initiator.qmp.QmpGuest;
import farslot.link.Qos;
import farslot.vfiouser.VfioUserOptions.Msix;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Does what {@link farslot.initiator.orders.Fulfilment} decides. On the data thread only. */
final class Hands implements Means {
  private static final Logger LOG = System.getLogger("farslot.initiator");

  /** Becomes the name of a file, in a folder named after the appliance. */
  private static final Pattern FUNCTION =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final InitiatorConfig config;
  private final Management management;
  private final Initiator initiator;
  private final Map<String, QmpGuest> guests;
  private final Listener listener;

  /** By function. */
  private final Map<String, Held> held = new LinkedHashMap<>();

  /** A function that is asked for, or had. */
  static final class Held {
    final String function;
    final String guest;
    boolean client;
    boolean bound;

    private Held(HoldingOrder order) {
      function = order.function();
      guest = order.guest();
    }
  }

  /** Who hears what becomes of it; from deep inside a card's affairs. */
  interface Listener {
    void onPresent(Held held);

    void onAbsent(Held held, String cause);

    void onRefused(Held held, String why);

    void onFailed(Held held, String why);
  }

  /**
   * @param guests by name
   */
  Hands(
      InitiatorConfig config,
      Initiator initiator,
      Map<String, QmpGuest> guests,
      Listener listener) {
    this.config = config;
    this.initiator = initiator;
    this.guests = guests;
    this.listener = listener;
    management = config.management().orElseThrow();
  }

  @Override
  public void acquire(HoldingOrder order) {
    Held now = new Held(order);
    held.put(now.function, now);
    try {
      if (!FUNCTION.matcher(now.function).matches()) {
        throw new IllegalArgumentException(now.function + " is not APPLIANCE/FUNCTION");
      }
      String socket = socket(now).toString();
      if (socket.getBytes(StandardCharsets.UTF_8).length > InitiatorConfig.SOCKET_PATH_BYTES_MAX) {
        throw new IllegalArgumentException("'run-dir' is too long: " + socket + " is no socket");
      }
      InitiatorConfig.Function function =
          new InitiatorConfig.Function(
              now.function, msix(now.guest), config.guides(), Optional.empty(), qos(order));
      initiator.hold(
          appliance(now.function),
          addresses(order),
          function,
          new Terms(exported(now.function), order.epoch()),
          new Watcher(now));
    } catch (IllegalArgumentException e) {
      LOG.log(Level.WARNING, "{0}: cannot be had: {1}", now.function, e.getMessage());
      listener.onFailed(now, e.getMessage());
    }
  }

  @Override
  public void adjust(HoldingOrder order) {
    try {
      initiator.adjust(appliance(order.function()), order.function(), addresses(order), qos(order));
    } catch (IllegalArgumentException e) {
      LOG.log(Level.WARNING, "{0}: stays as it is: {1}", order.function(), e.getMessage());
    }
  }

  @Override
  public void letGo(String function, String cause) {
    held.remove(function);
    LOG.log(Level.INFO, "{0}: given back: {1}", function, cause);
    initiator.letGo(appliance(function), function, cause);
  }

  @Override
  public void plug(String guest, String function, int bootOrder) {
    LOG.log(Level.INFO, "{0}: plugged into guest {1}", function, guest);
    guests.get(guest).plug(QmpGuest.id(function), socket(function), bootOrder);
  }

  @Override
  public void unplug(String guest, String function) {
    LOG.log(Level.INFO, "{0}: guest {1} is asked to let go of it", function, guest);
    guests.get(guest).unplug(QmpGuest.id(function));
  }

  /** A hypervisor has connected, or gone. */
  void client(String function, boolean connected) {
    Held which = held.get(function);
    if (which != null) {
      which.client = connected;
    }
  }

  /** Whether a guest's driver has taken it into use. */
  boolean isBound(Held which) {
    return which.client
        && initiator
            .holding(which.function)
            .filter(each -> each.port().present() && each.port().busMaster())
            .isPresent();
  }

  boolean isCurrent(Held which) {
    return held.get(which.function) == which;
  }

  Collection<Held> held() {
    return List.copyOf(held.values());
  }

  /** Where its guest has it: told on the guest's thread, if there is a guest. */
  void locate(Held which, Consumer<String> told) {
    QmpGuest guest = guests.get(which.guest);
    if (guest != null) {
      guest.locate(QmpGuest.id(which.function), told);
    }
  }

  /** For people who start a hypervisor by hand. */
  String shownAs(Held which) {
    return ("-device '{\"driver\":\"vfio-user-pci\",\"bus\":\"rp1\","
            + "\"socket\":{\"type\":\"unix\",\"path\":\"%s\"}}'")
        .formatted(socket(which));
  }

  private Path socket(Held which) {
    return socket(which.function);
  }

  private Path socket(String function) {
    return config.runDir().toAbsolutePath().resolve(function + ".sock");
  }

  private Msix msix(String guest) {
    for (Management.Guest each : management.guests()) {
      if (each.name().equals(guest)) {
        return each.msix();
      }
    }
    return management.msix();
  }

  /** Of what is called otherwise than APPLIANCE/FUNCTION: nothing. */
  private static String appliance(String function) {
    return function.substring(0, Math.max(0, function.indexOf('/')));
  }

  private static String exported(String function) {
    return function.substring(function.indexOf('/') + 1);
  }

  private static List<RailAddress> addresses(HoldingOrder order) {
    if (order.addresses().isEmpty()) {
      throw new IllegalArgumentException("its appliance has no address");
    }
    return order.addresses().stream().map(RailAddress::parse).distinct().toList();
  }

  private static Qos qos(HoldingOrder order) {
    return new Qos(
        order.qos().committedBytesPerSecond(),
        order.qos().peakBytesPerSecond(),
        order.qos().burstBytes(),
        order.qos().trafficClass());
  }

  private final class Watcher implements HoldingWatcher {
    private final Held which;

    Watcher(Held which) {
      this.which = which;
    }

    @Override
    public void onPresent() {
      listener.onPresent(which);
    }

    @Override
    public void onAbsent(String cause) {
      listener.onAbsent(which, cause);
    }

    @Override
    public void onRefused(String why) {
      listener.onRefused(which, why);
    }

    @Override
    public void onFailed(String why) {
      listener.onFailed(which, why);
    }
  }
}
