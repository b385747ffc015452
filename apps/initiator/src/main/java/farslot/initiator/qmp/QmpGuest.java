package farslot.initiator.qmp;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * One guest, into which cards are plugged: behind free {@code pcie-root-port}s, as {@code
 * vfio-user-pci} devices with ids of ours. What is asked of it is done one after the other, on a
 * thread of its own, where its listener is told too.
 */
public final class QmpGuest implements AutoCloseable {
  private static final Logger LOG = System.getLogger("farslot.initiator.qmp");

  /** What ids of ours begin with. */
  public static final String OURS = "farslot-";

  private static final String DEVICES = "/machine/peripheral";
  private static final String ROOT_PORT = "child<pcie-root-port>";
  private static final String DRIVER = "vfio-user-pci";

  private final String name;
  private final QmpClient client;
  private final Listener listener;
  private final ExecutorService worker;

  /** On the worker only. Root ports into which can be plugged, by name: what is in them, or "". */
  private final Map<String, String> ports = new LinkedHashMap<>();

  private String version = "";

  /** Why nothing can be plugged in, although QEMU answers; "" if it can. */
  private String obstacle = "";

  /**
   * How a guest is.
   *
   * @param running whether its QEMU answers
   * @param detail QEMU and its version, or why it does not answer
   * @param devices ours that it has, each with its root port
   * @param freePorts root ports that nothing is behind
   */
  public record Seen(boolean running, String detail, Map<String, String> devices, int freePorts) {}

  /** Who is told. On the guest's thread. */
  public interface Listener {
    /** The guest was looked at. */
    void onSeen(Seen seen);

    /** A device is in the guest; its driver may still be at it. */
    void onPlugged(String id, String port);

    void onPlugFailed(String id, String why);

    /** A device has left the guest, by our wish or the guest's. */
    void onDeleted(String id);

    /** The guest, or QEMU, does not let go of a device. */
    void onUnplugRefused(String id, String why);
  }

  /**
   * @param socket QEMU's
   */
  public QmpGuest(String name, Path socket, Listener listener) {
    this.name = name;
    this.listener = listener;
    worker = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("guest " + name).factory());
    client = new QmpClient(socket, new Events());
  }

  /** Begins to look for it. */
  public void start() {
    client.start();
  }

  /**
   * The id of a function's device. QEMU takes letters, digits, dots, dashes and underscores; names
   * of functions have those and one slash.
   */
  public static String id(String function) {
    return OURS + function.replace("_", "__").replace("/", "_.");
  }

  /** The function whose device has this id; empty when it is none of ours. */
  public static Optional<String> function(String id) {
    if (!id.startsWith(OURS)) {
      return Optional.empty();
    }
    StringBuilder function = new StringBuilder();
    for (int i = OURS.length(); i < id.length(); i++) {
      char c = id.charAt(i);
      if (c != '_') {
        function.append(c);
      } else if (++i < id.length() && id.charAt(i) == '_') {
        function.append('_');
      } else if (i < id.length() && id.charAt(i) == '.') {
        function.append('/');
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(function.toString());
  }

  /**
   * Plugs a function in.
   *
   * @param bootOrder 1 for the first; 0 for none
   */
  public void plug(String id, Path socket, int bootOrder) {
    run(
        () -> {
          try {
            plugNow(id, socket, bootOrder);
          } catch (IOException e) {
            listener.onPlugFailed(id, e.getMessage());
          }
          look();
        });
  }

  /** Asks the guest to let go of a device. */
  public void unplug(String id) {
    run(
        () -> {
          try {
            client.call("device_del", Map.of("id", id));
          } catch (QmpException e) {
            onRefused(id, e);
          } catch (IOException e) {
            listener.onUnplugRefused(id, e.getMessage());
          }
        });
  }

  /** Looks where the guest has a device, and tells: such as {@code 0000:03:00.0}; "" if unknown. */
  public void locate(String id, Consumer<String> told) {
    run(
        () -> {
          String found = "";
          try {
            found = find(client.call("query-pci", Map.of()), id);
          } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: {1}", name, e.getMessage());
          }
          told.accept(found);
        });
  }

  @Override
  public void close() {
    client.close();
    worker.shutdownNow();
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void run(Work work) {
    try {
      worker.execute(
          () -> {
            try {
              work.run();
            } catch (IOException e) {
              LOG.log(Level.INFO, "guest {0}: {1}", name, e.getMessage());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
              LOG.log(Level.ERROR, "guest " + name, e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "guest {0}: closed", name);
    }
  }

  private void plugNow(String id, Path socket, int bootOrder)
      throws IOException, InterruptedException {
    look();
    if (!obstacle.isEmpty()) {
      throw new IOException(obstacle);
    }
    IOException last = null;
    for (Map.Entry<String, String> port : ports.entrySet()) {
      if (port.getValue().equals(id)) {
        listener.onPlugged(id, port.getKey());
        return;
      }
    }
    for (Map.Entry<String, String> port : ports.entrySet()) {
      if (port.getValue().isEmpty()) {
        try {
          add(id, port.getKey(), socket, bootOrder);
          listener.onPlugged(id, port.getKey());
          return;
        } catch (QmpException e) {
          last = e;
          LOG.log(Level.INFO, "guest {0}, {1}: {2}", name, port.getKey(), e.getMessage());
        }
      }
    }
    throw last != null ? last : new IOException(noPort());
  }

  private String noPort() {
    return ("guest %s has no free pcie-root-port (of %d): start it with more of them, "
            + "-device pcie-root-port,id=rpN,chassis=N,slot=N, or detach something")
        .formatted(name, ports.size());
  }

  private void add(String id, String port, Path socket, int bootOrder)
      throws IOException, InterruptedException {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("driver", DRIVER);
    arguments.put("id", id);
    arguments.put("bus", port);
    arguments.put("socket", Map.of("type", "unix", "path", socket.toString()));
    if (bootOrder > 0) {
      arguments.put("bootindex", bootOrder);
    }
    try {
      client.call("device_add", arguments);
    } catch (QmpException e) {
      if (bootOrder == 0 || !e.getMessage().contains("bootindex")) {
        throw e;
      }
      LOG.log(Level.WARNING, "guest {0}: {1}; plugged without", name, e.getMessage());
      arguments.remove("bootindex");
      client.call("device_add", arguments);
    }
  }

  /** DeviceNotFound: it is gone. "already in the process of unplug": it is being asked. */
  private void onRefused(String id, QmpException refused) throws IOException, InterruptedException {
    if (refused.kind().equals("DeviceNotFound")) {
      look();
      listener.onDeleted(id);
    } else if (!refused.getMessage().contains("in the process of unplug")) {
      listener.onUnplugRefused(id, refused.getMessage());
    }
  }

  /** Which root ports there are, and what is in them. */
  private void look() throws IOException, InterruptedException {
    ports.clear();
    Map<String, String> devices = new TreeMap<>();
    List<String> ours = new ArrayList<>();
    for (JsonNode each : list(DEVICES)) {
      String id = each.path("name").asString("");
      if (each.path("type").asString("").equals(ROOT_PORT)) {
        if (hotPluggable(id)) {
          ports.put(id, occupant(id));
        }
      } else if (id.startsWith(OURS)) {
        ours.add(id);
      }
    }
    for (String id : ours) {
      String bus = get(DEVICES + "/" + id, "parent_bus").asString("");
      String port = bus.substring(bus.lastIndexOf('/') + 1);
      devices.put(id, port);
      ports.computeIfPresent(port, (key, value) -> id);
    }
    int free = (int) ports.values().stream().filter(String::isEmpty).count();
    String detail = "QEMU " + version + (obstacle.isEmpty() ? "" : ": " + obstacle);
    listener.onSeen(new Seen(true, detail, Map.copyOf(devices), free));
  }

  /** libvirt may have switched it off for a port. */
  private boolean hotPluggable(String port) throws IOException, InterruptedException {
    try {
      return get(DEVICES + "/" + port, "hotplug").asBoolean(true);
    } catch (QmpException e) {
      return true; // Older ones have no such property.
    }
  }

  /** A root port's bus has its name, and a link to each device on it. */
  private String occupant(String port) throws IOException, InterruptedException {
    for (JsonNode each : list(DEVICES + "/" + port + "/" + port)) {
      if (each.path("name").asString("").startsWith("child[")) {
        return "somebody's";
      }
    }
    return "";
  }

  private JsonNode list(String path) throws IOException, InterruptedException {
    return client.call("qom-list", Map.of("path", path));
  }

  private JsonNode get(String path, String property) throws IOException, InterruptedException {
    return client.call("qom-get", Map.of("path", path, "property", property));
  }

  /** Why this QEMU is of no use. */
  private String examine() throws IOException, InterruptedException {
    try {
      client.call("device-list-properties", Map.of("typename", DRIVER));
      return "";
    } catch (QmpException e) {
      return "it has no " + DRIVER + ": QEMU 10.1 or newer is needed";
    }
  }

  /** Buses are numbered by the guest; behind a bridge there are more devices. */
  private static String find(JsonNode buses, String id) {
    for (JsonNode bus : buses) {
      String found = findIn(bus.path("devices"), id);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return "";
  }

  private static String findIn(JsonNode devices, String id) {
    for (JsonNode device : devices) {
      if (device.path("qdev_id").asString("").equals(id)) {
        int bus = device.path("bus").asInt(0);
        int slot = device.path("slot").asInt(0);
        return "0000:%02x:%02x.%x".formatted(bus, slot, device.path("function").asInt(0));
      }
      String behind = findIn(device.path("pci_bridge").path("devices"), id);
      if (!behind.isEmpty()) {
        return behind;
      }
    }
    return "";
  }

  private final class Events implements QmpClient.Listener {
    @Override
    public void onUp(String found) {
      run(
          () -> {
            version = found;
            obstacle = examine();
            LOG.log(Level.INFO, "guest {0}: QEMU {1} {2}", name, found, obstacle);
            look();
          });
    }

    @Override
    public void onDown(String cause) {
      run(
          () -> {
            ports.clear();
            LOG.log(Level.INFO, "guest {0}: not there: {1}", name, cause);
            listener.onSeen(new Seen(false, cause, Map.of(), 0));
          });
    }

    @Override
    public void onEvent(String event, JsonNode data) {
      String id = data.path("device").asString("");
      switch (event) {
        case "DEVICE_DELETED" -> {
          if (id.startsWith(OURS)) {
            run(
                () -> {
                  listener.onDeleted(id);
                  look();
                });
          } else {
            run(QmpGuest.this::look);
          }
        }
        case "DEVICE_UNPLUG_GUEST_ERROR", "MEM_UNPLUG_ERROR" ->
            run(() -> listener.onUnplugRefused(id, "the guest refuses to let go of it"));
        case "RESET" -> run(QmpGuest.this::look);
        default -> LOG.log(Level.DEBUG, "guest {0}: {1} {2}", name, event, data);
      }
    }
  }
}
