package farslot.initiator.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class QmpGuestTest implements QmpGuest.Listener {
  private static final String DISK = QmpGuest.id("rack1/disk0");

  @TempDir Path dir;
  private FakeQemu qemu;
  private QmpGuest guest;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  /** Root ports, and the ids behind them; "" for none. */
  private final Map<String, String> ports = new TreeMap<>(Map.of("rp1", "", "rp2", ""));

  private volatile String hotplug = "true";
  private volatile boolean vfioUser = true;
  private volatile String refusal = "";
  private final List<String> added = new java.util.concurrent.CopyOnWriteArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    qemu = new FakeQemu(dir.resolve("qmp"));
    qemu.answers(this::answer);
    guest = new QmpGuest("vm1", qemu.path, this);
  }

  @AfterEach
  void end() throws IOException {
    guest.close();
    qemu.close();
  }

  private synchronized String answer(JsonNode command) {
    JsonNode arguments = command.path("arguments");
    String path = arguments.path("path").asString("");
    return switch (command.path("execute").asString("")) {
      case "device-list-properties" -> vfioUser ? "[]" : "!DeviceNotFound no such type";
      case "qom-list" -> path.equals("/machine/peripheral") ? peripheral() : children(path);
      case "qom-get" ->
          arguments.path("property").asString("").equals("hotplug") ? hotplug : parent(path);
      case "device_add" -> add(arguments);
      case "device_del" -> "{}";
      case "query-pci" ->
          """
          [{"bus":0,"devices":[{"bus":0,"slot":2,"function":0,"qdev_id":"rp1","pci_bridge":
          {"bus":{"secondary":1},"devices":[{"bus":1,"slot":0,"function":0,"qdev_id":"%s"}]}}]}]"""
              .formatted(DISK)
              .replace("\n", "");
      default -> "!CommandNotFound unknown";
    };
  }

  private String peripheral() {
    StringBuilder all = new StringBuilder("[{\"name\":\"type\",\"type\":\"string\"}");
    ports.forEach(
        (port, id) -> {
          all.append(",{\"name\":\"%s\",\"type\":\"child<pcie-root-port>\"}".formatted(port));
          if (!id.isEmpty()) {
            all.append(",{\"name\":\"%s\",\"type\":\"child<vfio-user-pci>\"}".formatted(id));
          }
        });
    return all + "]";
  }

  private String children(String path) {
    String port = path.substring(path.lastIndexOf('/') + 1);
    boolean empty = ports.get(port).isEmpty();
    return empty ? "[]" : "[{\"name\":\"child[0]\",\"type\":\"link<x>\"}]";
  }

  private String parent(String path) {
    String id = path.substring(path.lastIndexOf('/') + 1);
    for (Map.Entry<String, String> each : ports.entrySet()) {
      if (each.getValue().equals(id)) {
        return "\"/machine/peripheral/%s/%s\"".formatted(each.getKey(), each.getKey());
      }
    }
    return "!GenericError no such thing";
  }

  private String add(JsonNode arguments) {
    added.add(arguments.toString());
    String port = arguments.path("bus").asString("");
    if (!refusal.isEmpty() && (port.equals("rp1") || arguments.has("bootindex"))) {
      return refusal;
    }
    ports.put(port, arguments.path("id").asString(""));
    return "{}";
  }

  @Override
  public void onSeen(QmpGuest.Seen seen) {
    heard.add(
        "seen " + seen.running() + " " + new TreeMap<>(seen.devices()) + " " + seen.freePorts());
  }

  @Override
  public void onPlugged(String id, String port) {
    heard.add("plugged " + id + " " + port);
  }

  @Override
  public void onPlugFailed(String id, String why) {
    heard.add("failed " + why);
  }

  @Override
  public void onDeleted(String id) {
    heard.add("deleted " + id);
  }

  @Override
  public void onUnplugRefused(String id, String why) {
    heard.add("refused " + id + " " + why);
  }

  private String next() throws InterruptedException {
    String next = heard.poll(120, TimeUnit.SECONDS);
    assertThat(next).as("nothing was told").isNotNull();
    return next;
  }

  private void until(String what) throws InterruptedException {
    while (!next().startsWith(what)) {
      // Looked at meanwhile.
    }
  }

  private void plug(int bootOrder) {
    guest.plug(DISK, Path.of("/run/x.sock"), bootOrder);
  }

  @Test
  void idsOfAllNamesAreDifferentAndCanBeReadBack() {
    for (String name : List.of("a/b", "a_/b", "a/_b", "a._b/c.d-e", "a/b_.c", "a__/__b")) {
      String id = QmpGuest.id(name);
      assertThat(id).matches("[A-Za-z][A-Za-z0-9._-]*");
      assertThat(QmpGuest.function(id)).contains(name);
    }
    assertThat(QmpGuest.function("rp1")).isEmpty();
    assertThat(QmpGuest.function("farslot-a_x")).isEmpty();
    assertThat(QmpGuest.function("farslot-a_")).isEmpty();
  }

  @Test
  void aFreeRootPortIsTaken() throws Exception {
    ports.put("rp1", "somebody");
    guest.start();
    assertThat(next()).isEqualTo("seen true {} 1");
    plug(0);
    assertThat(next()).isEqualTo("seen true {} 1");
    assertThat(next()).isEqualTo("plugged " + DISK + " rp2");
    assertThat(next()).isEqualTo("seen true {" + DISK + "=rp2} 0");
    assertThat(added).hasSize(1);
    assertThat(added.getFirst())
        .contains("\"driver\":\"vfio-user-pci\"", "\"id\":\"" + DISK + "\"", "\"bus\":\"rp2\"")
        .contains("\"type\":\"unix\"", "\"path\":\"/run/x.sock\"");
    plug(0);
    until("plugged " + DISK + " rp2");
    assertThat(added).as("it is there already").hasSize(1);
    CompletableFuture<String> where = new CompletableFuture<>();
    guest.locate(DISK, where::complete);
    assertThat(where.get(120, TimeUnit.SECONDS)).isEqualTo("0000:01:00.0");
  }

  @Test
  void aPortThatRefusesIsPassedOver() throws Exception {
    refusal = "!GenericError rp1 is busy";
    guest.start();
    next();
    plug(0);
    until("plugged " + DISK + " rp2");
    assertThat(added).hasSize(2);
  }

  @Test
  void aBootOrderThatIsTakenIsLeftOut() throws Exception {
    ports.remove("rp1");
    refusal = "!GenericError The bootindex 1 has already been used";
    guest.start();
    next();
    plug(1);
    until("plugged " + DISK + " rp2");
    assertThat(added.getFirst()).contains("\"bootindex\":1");
    assertThat(added.getLast()).doesNotContain("bootindex");
  }

  @Test
  void withoutAPlaceItSaysWhatToDo() throws Exception {
    hotplug = "false";
    guest.start();
    assertThat(next()).isEqualTo("seen true {} 0");
    plug(0);
    until("failed guest vm1 has no free pcie-root-port (of 0): start it with more");
    assertThat(added).isEmpty();
  }

  @Test
  void aQemuThatIsTooOldSaysSo() throws Exception {
    vfioUser = false;
    guest.start();
    next();
    plug(0);
    until("failed it has no vfio-user-pci: QEMU 10.1 or newer is needed");
  }

  @Test
  void aDeviceGoesWhenQemuSaysSo() throws Exception {
    ports.put("rp1", DISK);
    guest.start();
    assertThat(next()).isEqualTo("seen true {" + DISK + "=rp1} 1");
    guest.unplug(DISK);
    guest.locate(DISK, where -> heard.add("asked"));
    until("asked");
    assertThat(heard).as("the guest has not answered yet").isEmpty();
    qemu.event("DEVICE_UNPLUG_GUEST_ERROR", "{\"device\":\"" + DISK + "\"}");
    assertThat(next()).startsWith("refused " + DISK);
    ports.put("rp1", "");
    qemu.event("DEVICE_DELETED", "{\"device\":\"" + DISK + "\"}");
    assertThat(next()).isEqualTo("deleted " + DISK);
    assertThat(next()).isEqualTo("seen true {} 2");
    qemu.hangUp();
    assertThat(next()).isEqualTo("seen false {} 0");
    assertThat(next()).isEqualTo("seen true {} 2");
  }

  @Test
  void whatIsGoneAlreadyIsGone() throws Exception {
    guest.start();
    next();
    qemu.answers(
        command ->
            command.path("execute").asString("").equals("device_del")
                ? "!DeviceNotFound Device not found"
                : answer(command));
    guest.unplug(DISK);
    until("deleted " + DISK);
    qemu.answers(
        command ->
            command.path("execute").asString("").equals("device_del")
                ? "!GenericError Device is already in the process of unplug"
                : answer(command));
    guest.unplug(DISK);
    guest.locate(DISK, where -> heard.add("asked"));
    until("asked");
    qemu.answers(
        command ->
            command.path("execute").asString("").equals("device_del")
                ? "!GenericError guest is busy"
                : answer(command));
    guest.unplug(DISK);
    until("refused " + DISK + " device_del: guest is busy");
  }
}
