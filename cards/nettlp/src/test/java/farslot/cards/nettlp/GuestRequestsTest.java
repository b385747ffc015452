package farslot.cards.nettlp;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nettlp.Wires.Sent;
import farslot.pcie.CompletionStatus;
import farslot.testkit.Answer;
import farslot.testkit.FakeRootComplex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server asks of BAR 4, as the program sees it, and what may become of the answer. */
class GuestRequestsTest {
  private static final long TIMEOUT_NS = 500_000_000L;

  private final Wires wires = new Wires();
  private final NetTlpFunction card =
      new NetTlpFunction(new NetTlpConfig(1 << 20, 1, TIMEOUT_NS), wires);
  private final FakeRootComplex root = new FakeRootComplex(card);
  private final long bar;

  GuestRequestsTest() {
    root.enumerate();
    bar = root.found().bars().get(4).address();
    wires.seen.clear();
  }

  private long count(NetTlpEvent event) {
    return card.counts().getOrDefault(event.name().toLowerCase(), 0L);
  }

  private String header(int type, int dws) {
    return "%02x00%04x".formatted(bar >>> 32 == 0 ? type : type | 0x20, dws);
  }

  private String address(long offset) {
    return bar >>> 32 == 0 ? "%08x".formatted(bar + offset) : "%016x".formatted(bar + offset);
  }

  private static String tlp(Sent sent) {
    return Datagrams.text(sent.datagram()).substring(12);
  }

  /** Answers each request as it comes; a request that nobody answers gets null. */
  private Answer readWith(long offset, int bytes, Wires.Program program) {
    wires.program = program;
    Answer answer = root.memoryRead(bar + offset, bytes);
    wires.program = null;
    return answer;
  }

  @Test
  void aWriteArrivesAsItIsOnTheFirstPort() {
    root.write(4, 0x10, 4, 0x44332211);
    Sent sent = wires.seen.poll();
    assertThat(sent.port()).isEqualTo(0x4000);
    assertThat(tlp(sent)).startsWith(header(0x40, 1)).endsWith("000f" + address(0x10) + "11223344");
    root.write(4, 0x21, 2, 0xBBAA);
    assertThat(tlp(wires.seen.poll())).endsWith("0006" + address(0x20) + "00aabb00");
  }

  @Test
  void aLongWriteComesInPieces() {
    byte[] data = new byte[4000];
    Arrays.fill(data, (byte) 0x5A);
    root.memoryWrite(bar + 0x1003, data);
    int bytes = 0;
    while (!wires.seen.isEmpty()) {
      byte[] datagram = wires.seen.poll().datagram();
      assertThat(datagram.length).isLessThanOrEqualTo(6 + 16 + 256);
      bytes += datagram.length - 6 - (bar >>> 32 == 0 ? 12 : 16);
    }
    assertThat(bytes).isEqualTo(4004);
  }

  @Test
  void writesWithHolesKeepThem() {
    String tail = "0035" + address(0) + "0102030405060708";
    root.send(Datagrams.hex(header(0x40, 2) + "0000" + tail));
    assertThat(tlp(wires.seen.poll())).endsWith(tail);
  }

  @Test
  void aReadIsAnsweredByTheProgram() {
    Answer answer =
        readWith(
            0x102,
            4,
            (port, request) -> {
              assertThat(port).isEqualTo(0x4000);
              assertThat(Datagrams.text(request)).endsWith("3c" + address(0x100));
              assertThat(request[12] & 0xF).as("the tag chooses the port").isZero();
              byte[] data = {1, 2, 3, 4};
              wires.put(port, Datagrams.completion(request, 0x02, 4, data));
            });
    assertThat(answer.status()).isEqualTo(CompletionStatus.SC);
    assertThat(answer.data()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void completionsMayBeSplitAnywhere() {
    // As psmem does it: by size, not at Read Completion Boundaries.
    Answer answer =
        readWith(
            0x41,
            99,
            (port, request) -> {
              byte[] data = new byte[99];
              for (int i = 0; i < data.length; i++) {
                data[i] = (byte) i;
              }
              wires.put(port, part(request, data, 0, 31));
              wires.put(port, part(request, data, 31, 32));
              wires.put(port, part(request, data, 63, 36));
            });
    assertThat(answer.data()).hasSize(99).startsWith(0, 1, 2).endsWith(96, 97, 98);
  }

  private static byte[] part(byte[] request, byte[] data, int from, int bytes) {
    byte[] part = Arrays.copyOfRange(data, from, from + bytes);
    return Datagrams.completion(request, 0x41 + from, data.length - from, part);
  }

  @Test
  void aLongReadIsAskedForInPieces() {
    List<Integer> asked = new ArrayList<>();
    Answer answer =
        readWith(
            0,
            4096,
            (port, request) -> {
              int at = (int) (Datagrams.address(request) - bar);
              asked.add(at);
              byte[] data = new byte[256];
              Arrays.fill(data, (byte) (at >> 8));
              wires.put(port, Datagrams.completion(request, at & 0x7F, 256, data));
            });
    assertThat(asked).hasSize(16).startsWith(0, 256).endsWith(15 * 256);
    assertThat(answer.data()[4095]).isEqualTo((byte) 15);
  }

  @Test
  void aZeroLengthReadIsAnswered() {
    Answer answer =
        readWith(
            8,
            0,
            (port, request) -> {
              assertThat(Datagrams.text(request)).endsWith("00" + address(8));
              // psmem counts four bytes, the specification one.
              wires.put(port, Datagrams.completion(request, 8, 4, new byte[4]));
            });
    assertThat(answer.status()).isEqualTo(CompletionStatus.SC);
  }

  @Test
  void aProgramMayRefuse() {
    Answer unsupported =
        readWith(0, 4, (port, request) -> wires.put(port, Datagrams.status(request, 1)));
    assertThat(unsupported.status()).isEqualTo(CompletionStatus.UR);
    Answer aborted =
        readWith(0, 4, (port, request) -> wires.put(port, Datagrams.status(request, 4)));
    assertThat(aborted.status()).isEqualTo(CompletionStatus.CA);
    assertThat(count(NetTlpEvent.SERVER_READS_REFUSED)).isEqualTo(2);
  }

  private int tag;

  /** Puts a read on its way and returns it as the program got it. */
  private byte[] ask() {
    tag = root.ask(bar, 4);
    return wires.seen.poll().datagram();
  }

  @Test
  void nobodyAnswersInTime() {
    ask();
    root.advance(TIMEOUT_NS - 1);
    assertThat(count(NetTlpEvent.SERVER_READS_TIMED_OUT)).isZero();
    root.advance(1);
    assertThat(count(NetTlpEvent.SERVER_READS_TIMED_OUT)).isEqualTo(1);
    assertThat(root.answer(tag).status()).isEqualTo(CompletionStatus.UR);
  }

  @Test
  void nobodyListens() {
    ask();
    wires.receiver.onRefused(0x4001);
    assertThat(count(NetTlpEvent.SERVER_READS_NOBODY)).isZero();
    wires.receiver.onRefused(0x4000);
    root.run();
    assertThat(count(NetTlpEvent.SERVER_READS_NOBODY)).isEqualTo(1);
    assertThat(root.answer(tag).status()).isEqualTo(CompletionStatus.UR);
  }

  @Test
  void whatComesLateFindsNothing() {
    byte[] first = ask();
    root.advance(TIMEOUT_NS);
    byte[] second = ask();
    assertThat(second[12]).as("another tag").isNotEqualTo(first[12]);
    wires.put(0x4000, Datagrams.completion(first, 0, 4, new byte[4]));
    assertThat(count(NetTlpEvent.BAD_UNEXPECTED_COMPLETION)).isEqualTo(1);
  }

  @Test
  void completionsThatAreWrong() {
    byte[] request = ask();
    byte[] good = Datagrams.completion(request, 0, 4, new byte[4]);
    wires.put(0x4003, good);
    assertThat(count(NetTlpEvent.BAD_PORT)).isEqualTo(1);
    wires.put(0x4000, Datagrams.completion(request, 4, 4, new byte[4]));
    wires.put(0x4000, Datagrams.completion(request, 0, 8, new byte[8]));
    wires.put(0x4000, Datagrams.status(request, 0));
    assertThat(count(NetTlpEvent.BAD_WRONG_COMPLETION)).isEqualTo(3);
    byte[] stranger = good.clone();
    stranger[14] ^= 0x40;
    wires.put(0x4000, stranger);
    assertThat(count(NetTlpEvent.BAD_UNEXPECTED_COMPLETION)).isEqualTo(1);
    wires.put(0x4000, good);
    wires.put(0x4000, good);
    root.run();
    assertThat(count(NetTlpEvent.BAD_UNEXPECTED_COMPLETION)).as("once only").isEqualTo(2);
  }

  @Test
  void readsWaitForATag() {
    for (int tag = 0; tag < 20; tag++) {
      root.ask(bar, 4);
    }
    assertThat(wires.seen).as("as many tags as end in 0").hasSize(16);
    byte[] first = wires.seen.poll().datagram();
    wires.put(0x4000, Datagrams.completion(first, 0, 4, new byte[4]));
    assertThat(wires.seen).hasSize(16);
    root.advance(TIMEOUT_NS);
    assertThat(count(NetTlpEvent.SERVER_READS_TIMED_OUT)).isEqualTo(19);
  }

  @Test
  void aResetForgetsWhatWasAsked() {
    byte[] request = ask();
    root.hotReset();
    wires.put(0x4000, Datagrams.completion(request, 0, 4, new byte[4]));
    assertThat(count(NetTlpEvent.BAD_UNEXPECTED_COMPLETION)).isEqualTo(1);
    root.advance(2 * TIMEOUT_NS);
    assertThat(count(NetTlpEvent.SERVER_READS_TIMED_OUT)).isZero();
  }

  @Test
  void manyPortsShareTheReads() {
    Wires more = new Wires();
    FakeRootComplex other =
        new FakeRootComplex(new NetTlpFunction(new NetTlpConfig(1 << 20, 4, TIMEOUT_NS), more));
    other.enumerate();
    long at = other.found().bars().get(4).address();
    List<Integer> ports = new ArrayList<>();
    more.program =
        (port, request) -> {
          ports.add(port);
          more.put(port, Datagrams.completion(request, 0, 4, new byte[4]));
        };
    for (int i = 0; i < 6; i++) {
      other.memoryRead(at, 4);
    }
    assertThat(ports).containsExactly(0x4000, 0x4001, 0x4002, 0x4003, 0x4000, 0x4001);
  }

  @Test
  void theAdapterShowsItsMagic() {
    assertThat(root.read(0, 0, 4)).isEqualTo(0x01234567L);
    assertThat(root.read(0, 1, 2)).isEqualTo(0x2345L);
    assertThat(root.read(0, 0x0C, 8)).isEqualTo(0x1122334455L);
    assertThat(root.read(0, 0x14, 4)).isZero();
    assertThat(root.found().vendorId()).isEqualTo(0x3776);
    assertThat(root.found().deviceId()).isEqualTo(0x8022);
  }

  @Test
  void unpluggingClosesThePorts() {
    root.endpoint().unplug();
    assertThat(wires.closed).isTrue();
  }
}
