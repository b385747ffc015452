package farslot.vfiouser.client;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.ForeignDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client with a server that does what it should. */
class DeviceClientTest {
  @TempDir Path folder;

  private Path path() {
    return folder.resolve("device.sock");
  }

  private DeviceServer server() throws IOException {
    return new DeviceServer(path());
  }

  @Test
  void learnsWhatTheDeviceIs() throws IOException {
    try (DeviceServer server = server().start();
        Attendant card = new Attendant(path())) {
      card.await("present");
      ForeignDevice.Facts facts = card.facts;
      assertThat(facts.regionBytes())
          .containsExactly(0x4000L, 0L, 0x40L, 0L, 0L, 0L, 0L, 4096L, 0L);
      assertThat(facts.vectors()).containsExactly(1, 0, 4);
      assertThat(facts.config().byteSize()).isEqualTo(4096);
      assertThat(facts.config().get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 0))
          .isEqualTo(0x56781234);
      // Nobody waits for what is set up last; an access is answered behind it.
      card.read(0, 0x10, 4);
      assertThat(server.events)
          .containsSubsequence("map 0 " + (8L << 40), "irqs 24 3 0 1", "irqs 24 4 0 1");
    }
  }

  @Test
  void accessesAreCarriedOutInOrder() throws IOException {
    try (DeviceServer server = server().start();
        Attendant card = new Attendant(path())) {
      card.await("present");
      card.write(0, 0x10, 1, 2, 3, 4);
      assertThat(card.read(0, 0x10, 4)).containsExactly(1, 2, 3, 4);
      assertThat(card.writeAnswered(2, 4, (byte) 9)).isTrue();
      assertThat(card.read(2, 4, 1)).containsExactly(9);
      card.run(card.device::reset);
      assertThat(card.read(0, 0x10, 4)).containsExactly(0, 0, 0, 0);
      assertThat(server.events).containsSubsequence("write 0 10 04030201", "write 2 4 09", "reset");
    }
  }

  @Test
  void manyReadsAreUnderWayAtOnce() throws IOException {
    try (DeviceServer server = server().start();
        Attendant card = new Attendant(path())) {
      card.await("present");
      for (int i = 0; i < 256; i++) {
        server.regions[2][i & 63] = (byte) (i & 63);
      }
      int count = 1000;
      CompletableFuture<Long> sum = new CompletableFuture<>();
      long[] state = new long[2];
      card.run(
          () -> {
            for (int i = 0; i < count; i++) {
              ForeignDevice.ReadDone done =
                  (cookie, data, at, bytes) -> {
                    state[0] += Attendant.copy(data, at, bytes)[0] == (cookie & 63) ? 1 : 0;
                    if (++state[1] == count) {
                      sum.complete(state[0]);
                    }
                  };
              card.device.read(2, i & 63, 1, done, i);
            }
          });
      assertThat(Attendant.get(sum)).isEqualTo(count);
    }
  }

  @Test
  void aRefusedAccessIsAnErrorAndNoMore() throws IOException {
    try (DeviceServer server = server()) {
      server.script =
          (device, message) -> {
            boolean refused = message.command() == 9 && message.body().getInt(8) == 2;
            if (refused) {
              device.refuse(message, 22);
            }
            return refused;
          };
      server.start();
      try (Attendant card = new Attendant(path())) {
        card.await("present");
        assertThat(card.read(2, 0, 4)).isNull();
        assertThat(card.read(0, 0, 4)).isNotNull();
      }
    }
  }

  @Test
  void interruptsAreEnabledAndHeard() throws IOException {
    try (DeviceServer server = server().start();
        Attendant card = new Attendant(path())) {
      card.await("present");
      card.run(() -> card.device.enable(ForeignDevice.IRQ_MSIX, 4));
      card.read(0, 0, 4);
      server.signal(2, 3);
      card.await("interrupt 2 3");
      server.signal(2, 0);
      card.await("interrupt 2 0");
      card.run(() -> card.device.enable(ForeignDevice.IRQ_INTX, 1));
      card.read(0, 0, 4);
      server.signal(0, 0);
      card.await("interrupt 0 0");
      card.run(card.device::unmaskIntx);
      card.run(() -> card.device.enable(ForeignDevice.IRQ_INTX, 0));
      card.read(0, 0, 4);
      assertThat(server.events)
          .containsSubsequence(
              "irqs 24 2 0 4", "irqs 21 2 0 0", "irqs 24 0 0 1", "irqs 11 0 0 1", "irqs 21 0 0 0");
      assertThat(server.armed).containsOnlyKeys(3, 4);
    }
  }

  @Test
  void descriptorsComeInAsManyMessagesAsTheServerWants() throws IOException {
    try (DeviceServer server = server()) {
      server.capabilities = "\"max_msg_fds\":3";
      server.start();
      try (Attendant card = new Attendant(path())) {
        card.await("present");
        card.run(() -> card.device.enable(ForeignDevice.IRQ_MSIX, 4));
        card.read(0, 0, 4);
        assertThat(server.events).containsSubsequence("irqs 24 2 0 3", "irqs 24 2 3 1");
        server.signal(2, 3);
        card.await("interrupt 2 3");
      }
    }
  }

  @Test
  void dmaIsCarriedOutByMessages() throws IOException {
    dma(false);
  }

  @Test
  void dmaHasASocketOfItsOwnWhereTheServerWantsOne() throws IOException {
    dma(true);
  }

  /** A doorbell makes the device read, write, and then interrupt: in this order for the card. */
  private void dma(boolean twin) throws IOException {
    try (DeviceServer server = server()) {
      server.twin = twin;
      server.script =
          (device, message) -> {
            boolean doorbell = message.command() == 10 && message.body().getInt(8) == 0;
            if (doorbell) {
              byte[] data = device.dmaRead(0x1000, 8192);
              device.events.add("got " + data[0] + " " + data[8191]);
              device.events.add("written " + device.dmaWrite(0x8000, data));
              device.events.add("outside " + device.dmaWrite(1L << 40, data));
              device.events.add("outside " + (device.dmaRead(1L << 40, 8) != null));
              device.signal(2, 1);
            }
            return doorbell;
          };
      server.start();
      try (Attendant card = new Attendant(path())) {
        card.memory[0x1000] = 5;
        card.memory[0x1000 + 8191] = 6;
        card.await("present");
        card.run(() -> card.device.enable(ForeignDevice.IRQ_MSIX, 2));
        card.write(0, 0, 1);
        card.await("dma read 1000 8192");
        card.await("dma write 8000 8192");
        card.await("interrupt 2 1");
        assertThat(card.memory[0x8000]).isEqualTo((byte) 5);
        assertThat(card.memory[0x8000 + 8191]).isEqualTo((byte) 6);
        assertThat(server.events)
            .containsSubsequence("got 5 6", "written true", "outside false", "outside false");
      }
    }
  }

  @Test
  void anInterruptDoesNotOvertakeTheWritesBeforeIt() throws IOException {
    try (DeviceServer server = server()) {
      server.script =
          (device, message) -> {
            boolean doorbell = message.command() == 10 && message.body().getInt(8) == 0;
            if (doorbell) {
              byte[] data = new byte[64];
              for (int i = 0; i < 500; i++) {
                byte[] write = DeviceServer.concat(DeviceServer.longs(64L * i, 64), data);
                device.raw(
                    DeviceServer.concat(DeviceServer.header(7, 12, 0x10, 0, write.length), write));
              }
              device.signal(2, 0);
            }
            return doorbell;
          };
      server.start();
      try (Attendant card = new Attendant(path())) {
        card.await("present");
        card.room = false;
        card.run(() -> card.device.enable(ForeignDevice.IRQ_MSIX, 1));
        card.write(0, 0, 1);
        for (int i = 0; i < 50; i++) {
          card.run(() -> {});
        }
        assertThat(card.events).isEmpty();
        card.room = true;
        card.run(card.device::resume);
        card.await("dma write " + Long.toHexString(64 * 499) + " 64");
        card.await("interrupt 2 0");
      }
    }
  }

  @Test
  void readsThatAResetAbandonsAreAnsweredWithAnError() throws IOException {
    try (DeviceServer server = server()) {
      server.script =
          (device, message) -> {
            boolean doorbell = message.command() == 10 && message.body().getInt(8) == 0;
            if (doorbell) {
              device.events.add("read " + (device.dmaRead(0, 64) != null));
            }
            return doorbell;
          };
      server.start();
      try (Attendant card = new Attendant(path())) {
        card.await("present");
        card.hold = true;
        card.write(0, 0, 1);
        card.await("dma read 0 64");
        card.run(card.device::reset);
        card.run(() -> card.device.dmaDone(card.heldReads.getFirst(), true));
        card.read(0, 0, 4);
        assertThat(server.events).containsSubsequence("read false");
        assertThat(server.events).contains("reset");
      }
    }
  }

  @Test
  void comesAndGoesWithItsProcess() throws IOException {
    long before = openFds();
    try (Attendant card = new Attendant(path())) {
      card.await("absent: nobody serves a device at " + path());
      for (int round = 0; round < 3; round++) {
        try (DeviceServer server = server().start()) {
          card.await("present");
          card.run(() -> card.device.enable(ForeignDevice.IRQ_MSIX, 4));
          assertThat(card.read(0, 0, 4)).isNotNull();
          assertThat(server.armed.get(2)).hasSize(4);
        }
        card.await("absent: the server at " + path() + " has");
      }
    }
    assertThat(openFds()).isLessThanOrEqualTo(before);
  }

  @Test
  void aServerMayAskForItsDeviceBackOrSayThatItFailed() throws IOException {
    try (DeviceServer server = server().start();
        Attendant card = new Attendant(path())) {
      for (int kind : List.of(3, 4)) {
        card.await("present");
        card.read(0, 0, 4); // By now the server has been given what to signal by.
        server.signal(kind, 0);
        assertThat(card.await("absent")).contains(kind == 3 ? "has failed" : "asks for");
      }
    }
  }

  @Test
  void aDirectoryStandsForTheSocketInIt() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("device"));
    try (DeviceServer server = new DeviceServer(directory.resolve("cntrl")).start();
        Attendant card = new Attendant(directory)) {
      card.await("present");
      assertThat(server.events).isNotEmpty();
    }
  }

  static long openFds() {
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
