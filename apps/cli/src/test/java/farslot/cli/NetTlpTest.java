package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.appliance.Appliance;
import farslot.appliance.ApplianceConfig;
import farslot.fabric.software.NvmeDriver;
import farslot.fabric.software.PciDevice;
import farslot.initiator.InitiatorConfig;
import farslot.initiator.SoftwareServer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that speaks NetTLP over UDP, and a server: beside an initiator, and in an appliance.
 */
@Timeout(300)
class NetTlpTest {
  private static final long SECONDS = 120;
  private static final int RAM_BYTES = 1 << 20;

  /** Other addresses for each process, so that tests do not meet. */
  private static final String NET =
      "127.%d.%d."
          .formatted(
              128 + (int) (ProcessHandle.current().pid() >> 8 & 0x7E),
              ProcessHandle.current().pid() & 0xFF);

  private static final String ADAPTER = NET + "11";
  private static final String PROGRAM = NET + "12";

  @TempDir Path dir;

  private static Map<String, Object> slot() {
    return Map.of(
        "name", "soft0", "card", "nettlp", "local", ADAPTER, "remote", PROGRAM, "bar4", "1MiB");
  }

  private SoftwareServer local(Object... functions) {
    Map<String, Object> values =
        Map.of("name", "a", "run-dir", dir.toString(), "functions", List.of(functions));
    return new SoftwareServer(InitiatorConfig.of("test", values), RAM_BYTES);
  }

  private static DatagramSocket socket(int port) throws IOException {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(PROGRAM, port));
    socket.setSoTimeout((int) SECONDS * 1000);
    return socket;
  }

  private static void send(DatagramSocket from, int port, byte[] bytes) throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral(ADAPTER), port));
  }

  private static byte[] receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
    at.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  /** MRd or MWr of whole DWs, 4-DW header. */
  private static byte[] request(int type, int tag, long address, int bytes, byte[] data) {
    return ByteBuffer.allocate(22 + data.length)
        .position(6)
        .putInt(type << 24 | bytes / 4 & 0x3FF)
        .putInt(0x0100_0000 | tag << 8 | (bytes > 4 ? 0xFF : 0x0F))
        .putLong(address)
        .put(data)
        .array();
  }

  private static byte[] dmaRead(int tag, long address, int bytes) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(bytes);
    try (DatagramSocket socket = socket(0x3000 + tag)) {
      send(socket, 0x3000 + tag, request(0x20, tag, address, bytes, new byte[0]));
      while (all.hasRemaining()) {
        byte[] answer = receive(socket);
        assertThat(answer[6]).as("CplD").isEqualTo((byte) 0x4A);
        all.put(answer, 18, answer.length - 18);
      }
    }
    return all.array();
  }

  private static void dmaWrite(int tag, long address, byte[] data) throws IOException {
    try (DatagramSocket socket = socket(0x3000 + tag)) {
      send(socket, 0x3000 + tag, request(0x60, tag, address, data.length, data));
    }
  }

  private static ByteBuffer message(int question) throws IOException {
    try (DatagramSocket socket = socket(0)) {
      send(socket, 0x2FFF, new byte[] {(byte) question, 0, 0, 0});
      return ByteBuffer.wrap(receive(socket)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Test
  void besideTheInitiator() throws Exception {
    try (SoftwareServer server = local(slot())) {
      server.boot(SECONDS);
      exercise(server);
    }
  }

  @Test
  void inAnAppliance() throws Exception {
    Map<String, Object> house =
        Map.of(
            "listen", "127.0.0.1:0",
            "state-dir", dir.resolve("state").toString(),
            "slots", List.of(slot()));
    try (Appliance appliance = new Appliance(ApplianceConfig.of("test", house))) {
      appliance.start();
      Map<String, Object> values =
          Map.of(
              "name",
              "a",
              "appliance",
              "127.0.0.1:" + appliance.port(),
              "run-dir",
              dir.toString(),
              "functions",
              List.of("soft0"));
      try (SoftwareServer server =
          new SoftwareServer(InitiatorConfig.of("test", values), RAM_BYTES)) {
        server.boot(SECONDS);
        exercise(server);
      }
    }
  }

  private static void exercise(SoftwareServer server) throws Exception {
    PciDevice device = server.devices().get(0);
    assertThat(device.vendorId()).isEqualTo(0x3776);
    assertThat(device.deviceId()).isEqualTo(0x8022);
    memory(server);
    writesToBar4(server, device);
    readsOfBar4(server, device);
    interrupts(server, device);
    nobody(server, device);
  }

  private static void memory(SoftwareServer server) throws Exception {
    byte[] bytes = new byte[4096];
    new Random(3).nextBytes(bytes);
    long at = server.memory().allocate(4096);
    MemorySegment ram = server.memory().segment();
    server.ask(
        SECONDS,
        end -> {
          MemorySegment.copy(bytes, 0, ram, ValueLayout.JAVA_BYTE, at, bytes.length);
          end.complete(null);
        });
    assertThat(dmaRead(9, server.memory().iova(at), 4096)).isEqualTo(bytes);
    byte[] other = new byte[256];
    new Random(4).nextBytes(other);
    dmaWrite(1, server.memory().iova(at + 512), other);
    assertThat(dmaRead(2, server.memory().iova(at + 512), 256)).isEqualTo(other);
    try (DatagramSocket socket = socket(0x3003)) {
      send(socket, 0x3003, request(0x20, 3, server.memory().iova(RAM_BYTES), 4, new byte[0]));
      byte[] answer = receive(socket);
      assertThat(answer[6]).as("Cpl").isEqualTo((byte) 0x0A);
      assertThat(answer[12] >> 5 & 7).as("UR").isEqualTo(1);
    }
  }

  private static void writesToBar4(SoftwareServer server, PciDevice device) throws Exception {
    long bar = message(1).getLong();
    assertThat(bar).isNotZero();
    assertThat(message(2).getShort()).as("device number").isNotZero();
    try (DatagramSocket program = socket(0x4000)) {
      MemorySegment data = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 0x0807060504030201L);
      server.ask(
          SECONDS,
          end -> {
            device.write(4, 0x40, data, 0, 8);
            end.complete(null);
          });
      byte[] write = receive(program);
      assertThat(write).endsWith(1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(ByteBuffer.wrap(write).getInt(14)).isEqualTo((int) bar + 0x40);
    }
  }

  /** The answer is given by a program of one read; -1 if it does not answer. */
  private static long read(SoftwareServer server, PciDevice device, long offset) throws Exception {
    return server.ask(
        SECONDS,
        end ->
            device.read(
                4,
                offset,
                4,
                (cookie, data, at, bytes) ->
                    end.complete((long) data.get(ValueLayout.JAVA_INT_UNALIGNED, at)),
                0));
  }

  private static void readsOfBar4(SoftwareServer server, PciDevice device) throws Exception {
    try (DatagramSocket program = socket(0x4000)) {
      Thread answering =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      answer(program, receive(program), 0x11223344);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      assertThat(read(server, device, 0x104)).isEqualTo(0x11223344);
      answering.join();
    }
  }

  private static void answer(DatagramSocket program, byte[] request, int value) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(22);
    answer.position(6).putInt(0x4A000001).putInt(0x0100_0004);
    answer.put(request[10]).put(request[11]).put(request[12]).put((byte) (request[17] & 0x7F));
    answer.order(ByteOrder.LITTLE_ENDIAN).putInt(value);
    send(program, 0x4000, answer.array());
  }

  private static void interrupts(SoftwareServer server, PciDevice device) throws Exception {
    LinkedBlockingQueue<Integer> vectors = new LinkedBlockingQueue<>();
    server.ask(
        SECONDS,
        end -> {
          device.driver(new Recorder(vectors));
          device.enableMsix(4, () -> end.complete(null));
        });
    ByteBuffer table = message(3);
    // What the server has written may still be on its way to the card.
    while (table.getLong(2 * 12) == 0) {
      table = message(3);
    }
    assertThat(table.remaining()).isEqualTo(16 * 12);
    byte[] data = new byte[4];
    long address = table.getLong(2 * 12);
    table.get(2 * 12 + 8, data);
    dmaWrite(5, address, data);
    assertThat(vectors.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(table.getLong(7 * 12)).as("a vector that nobody has armed").isZero();
  }

  private record Recorder(LinkedBlockingQueue<Integer> vectors) implements PciDevice.Driver {
    @Override
    public void onInterrupt(int vector) {
      vectors.add(vector);
    }

    @Override
    public void onPresence(boolean present) {}

    @Override
    public void onRoom() {}
  }

  /** The program has ended: the server gets all-ones, and the card is still there. */
  private static void nobody(SoftwareServer server, PciDevice device) throws Exception {
    assertThat(read(server, device, 0)).isEqualTo(-1);
    readsOfBar4(server, device);
  }

  @Test
  void anyCardMayBeHousedHere() throws Exception {
    Map<String, Object> drive =
        Map.of(
            "name",
            "disk0",
            "card",
            "nvme",
            "serial",
            "FS7",
            "namespaces",
            List.of(Map.of("ram", "8MiB")));
    try (SoftwareServer server = local(drive)) {
      server.boot(SECONDS);
      NvmeDriver driver =
          server.nvme(server.devices().get(0), new NvmeDriver.Options(8, true, 65536), SECONDS);
      assertThat(driver.serial()).isEqualTo("FS7");
    }
  }

  @Test
  void saysWhatIsWrongWithACardHousedHere() {
    assertThatThrownBy(() -> local(Map.of("name", "x", "card", "toaster")).close())
        .hasMessageContaining("functions[0]")
        .hasMessageContaining("nettlp");
    assertThatThrownBy(() -> local(Map.of("name", "x", "card", "nettlp", "bar5", "1MiB")).close())
        .hasMessageContaining("bar5");
    assertThatThrownBy(
            () -> local(Map.of("name", "x", "card", "nettlp", "local", "192.0.2.1")).close())
        .hasMessageContaining("EADDRNOTAVAIL");
  }
}
