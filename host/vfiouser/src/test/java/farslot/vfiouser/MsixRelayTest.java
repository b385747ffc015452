package farslot.vfiouser;

import static farslot.vfiouser.TestClient.access;
import static farslot.vfiouser.TestClient.setIrqs;
import static org.assertj.core.api.Assertions.assertThat;

import farslot.fabric.LocalFunction;
import farslot.linux.EventFd;
import farslot.linux.Fd;
import farslot.vfiouser.TestClient.Message;
import farslot.vfiouser.VfioUserCounters.Counter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** MSI-X that QEMU does not know of. */
@Timeout(300)
class MsixRelayTest {
  private static final int CONFIG = 7;
  private static final int MSIX_AT = 0x50;
  private static final int PCIE_AT = 0x80;
  private static final int TABLE_AT = 0x2000;
  private static final int READ = 9;
  private static final int WRITE = 10;
  private static final int DMA_WRITE = 12;
  private static final int RESET = 13;

  @TempDir Path dir;
  private Served served;
  private TestClient client;

  @BeforeEach
  void connect() throws Exception {
    served =
        new Served(
            dir.resolve("f.sock"),
            VfioUserOptions.defaults().withMsix(VfioUserOptions.Msix.RELAYED));
    served.run(
        () -> {
          served.function.recordWrites = false;
          // 64 vectors, their table at 2000h of BAR 0, the pending bits at 3000h.
          byte[] capability = {0x11, 0x60, 63, 0, 0, 0x20, 0, 0, 0, 0x30, 0, 0};
          System.arraycopy(capability, 0, served.function.regions[CONFIG], MSIX_AT, 12);
        });
    client = served.connect();
  }

  @AfterEach
  void close() {
    client.close();
    served.close();
  }

  private List<String> arms() {
    return served.events().stream().filter(event -> event.startsWith("arm 2")).toList();
  }

  private void control(int upperByte) throws Exception {
    assertThat(client.errno(WRITE, access(MSIX_AT + 3, CONFIG, 1, (byte) upperByte))).isZero();
  }

  private void entry(int vector, long address, int data, int control) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(address).putInt(data).putInt(control);
    long at = TABLE_AT + 16L * vector;
    for (int i = 0; i < 16; i += 4) {
      byte[] word = Arrays.copyOfRange(bytes.array(), i, i + 4);
      assertThat(client.errno(WRITE, access(at + i, 0, 4, word))).isZero();
    }
  }

  private void interrupt(int vector) {
    served.run(() -> served.function.listener.onInterrupt(LocalFunction.IRQ_MSIX, vector));
  }

  private Message message(long address, int data) throws Exception {
    Message message = client.receive();
    assertThat(message.command()).isEqualTo(DMA_WRITE);
    ByteBuffer body = message.body();
    assertThat(body.getLong()).isEqualTo(address);
    assertThat(body.getLong()).isEqualTo(4);
    assertThat(body.getInt()).isEqualTo(data);
    return message;
  }

  private void agree(Message message) throws Exception {
    client.reply(message, 0, 0, new byte[0]);
  }

  @Test
  void onlyTheLongReadIsToldAnotherName() throws Exception {
    byte[] all = client.call(READ, access(0, CONFIG, 4096)).payload();
    assertThat(all[16 + MSIX_AT]).isEqualTo((byte) 0x09);
    assertThat(all[16 + MSIX_AT + 1]).as("the next one is where it was").isEqualTo((byte) 0x60);
    assertThat(client.call(READ, access(MSIX_AT, CONFIG, 1)).payload()[16]).isEqualTo((byte) 0x11);
    assertThat(client.call(READ, access(MSIX_AT, CONFIG, 4)).payload()[18]).isEqualTo((byte) 63);
  }

  @Test
  void aVectorIsArmedWhileTheGuestHearsIt() throws Exception {
    entry(3, 0xFEE01000L, 0x4021, 0);
    assertThat(arms()).isEmpty();
    control(0xC0);
    assertThat(arms()).as("enabled and masked").isEmpty();
    control(0x80);
    assertThat(arms()).containsExactly("arm 2 3 [true]");
    entry(4, 0xFEE02000L, 0x4022, 0);
    entry(3, 0xFEE01000L, 0x4021, 1);
    assertThat(arms()).containsExactly("arm 2 4 [true]", "arm 2 3 [false]");
    interrupt(3);
    interrupt(4);
    agree(message(0xFEE02000L, 0x4022));
    assertThat(served.server.counters().get(Counter.INTERRUPTS_UNHEARD)).isEqualTo(1);
  }

  @Test
  void oneMessageAVectorIsUnderWay() throws Exception {
    control(0x80);
    entry(0, 0xFEE00000L, 1, 0);
    entry(1, 0xFEE00000L, 2, 0);
    for (int i = 0; i < 5; i++) {
      interrupt(0);
    }
    interrupt(1);
    Message first = message(0xFEE00000L, 1);
    agree(message(0xFEE00000L, 2));
    agree(first);
    agree(message(0xFEE00000L, 1));
    interrupt(1);
    agree(message(0xFEE00000L, 2));
  }

  @Test
  void aRefusedMessageIsLostAndTheNextIsNot() throws Exception {
    control(0x80);
    entry(0, 0xFEE00000L, 1, 0);
    interrupt(0);
    interrupt(0);
    client.reply(message(0xFEE00000L, 1), TestClient.ERROR, 19, new byte[0]);
    client.reply(message(0xFEE00000L, 1), TestClient.ERROR, 19, new byte[0]);
    assertThat(client.call(READ, access(0, 0, 4)).payload()).hasSize(20);
    interrupt(0);
    agree(message(0xFEE00000L, 1));
    assertThat(served.server.counters().get(Counter.INTERRUPTS_UNHEARD)).isEqualTo(2);
  }

  @Test
  void resetsAndTheClientsEndDisarm() throws Exception {
    for (int round = 0; round < 2; round++) {
      control(0x80);
      entry(7, 0xFEE00000L, 1, 0);
      assertThat(arms()).containsExactly("arm 2 7 [true]");
      if (round == 0) {
        assertThat(client.errno(RESET, new byte[0])).isZero();
      } else {
        // Initiate Function Level Reset, in Device Control.
        byte[] flr = {0, (byte) 0x80};
        assertThat(client.errno(WRITE, access(PCIE_AT + 8, CONFIG, 2, flr))).isZero();
      }
      assertThat(arms()).containsExactly("arm 2 7 [false]");
      interrupt(7);
    }
    control(0x80);
    entry(7, 0xFEE00000L, 1, 0);
    client.close();
    served.awaitNoClient();
    assertThat(arms()).containsExactly("arm 2 7 [true]", "arm 2 7 [false]");
    client = served.connect();
  }

  /** A client that keeps the table itself, whatever it is told: its descriptors are used. */
  @Test
  void aDescriptorComesBeforeTheMessage() throws Exception {
    control(0x80);
    entry(2, 0xFEE00000L, 1, 0);
    int event = EventFd.create();
    assertThat(client.errno(8, setIrqs(0x24, 2, 2, 1), event)).isZero();
    interrupt(2);
    assertThat(EventFd.drain(event)).isTrue();
    Fd.close(event);
    assertThat(client.call(READ, access(0, 0, 4)).payload()).hasSize(20);
  }

  @Test
  void writesAnywhereAndOfAnySizeAreWithstood() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      boolean config = random.nextInt(4) == 0;
      int span = config ? 256 : 0x4000;
      int bytes = 1 + random.nextInt(random.nextInt(8) == 0 ? 200 : 8);
      long at = random.nextInt(span - bytes);
      byte[] data = new byte[bytes];
      random.nextBytes(data);
      byte[] request = access(at, config ? CONFIG : 0, bytes, data);
      assertThat(client.errno(WRITE, request)).as("seed %d, step %d", seed, i).isZero();
    }
    assertThat(client.errno(RESET, new byte[0])).isZero();
    int[] armed = new int[64];
    for (String arm : arms()) {
      String[] words = arm.split(" ");
      armed[Integer.parseInt(words[2])] += words[3].equals("[true]") ? 1 : -1;
    }
    assertThat(armed).as("seed %d: after a reset none is armed", seed).containsOnly(0);
  }
}
