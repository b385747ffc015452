package farslot.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.PciFunction;
import farslot.function.ReadMostly;
import farslot.function.ResetKind;
import farslot.function.endpoint.EndpointCounter;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an endpoint tells of registers that its card declares read-mostly, and when. */
class EndpointEventsTest {
  private static final int BASE = 0x10_0000;

  /** Registers at 0 and 8 of BAR 0, a doorbell at 16. */
  private static final class Card implements PciFunction {
    final FunctionSpec spec =
        new FunctionSpecBuilder(1, 2, 3)
            .memory32(0, 4096)
            .readMostly(0, 0, 4)
            .readMostly(0, 8, 8)
            .harmlessWrites(0, 16, 4)
            .build();
    final int[] registers = new int[8];
    FunctionPort port;
    Runnable onWrite = () -> {};

    @Override
    public FunctionSpec spec() {
      return spec;
    }

    @Override
    public void plug(FunctionPort slot) {
      port = slot;
    }

    @Override
    public long read(int bar, long offset, int bytes) {
      return Integer.toUnsignedLong(registers[(int) offset / 4]);
    }

    @Override
    public void write(int bar, long offset, int bytes, long value) {
      registers[(int) offset / 4] = (int) value;
      onWrite.run();
    }

    @Override
    public void reset(ResetKind kind) {
      java.util.Arrays.fill(registers, 0);
    }

    void set(int index, int value) {
      registers[index] = value;
      port.registersChanged();
    }
  }

  /** What came to the server, in order. */
  private final List<String> log = new ArrayList<>();

  private final class Server implements TlpIn {
    private final TlpView view = new TlpView();

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      view.wrap(segment, offset, tlpBytes);
      log.add(farslot.pcie.TlpType.name(view.fmtType()));
    }

    @Override
    public void onEvent(
        int bar, long offset, int changes, MemorySegment segment, long at, int bytes) {
      StringBuilder words = new StringBuilder("event " + offset + " after " + changes + ":");
      for (int i = 0; i < bytes; i += 4) {
        words.append(' ').append(segment.get(ValueLayout.JAVA_INT_UNALIGNED, at + i));
      }
      log.add(words.toString());
    }

    @Override
    public void onHarmless(int bar, long offset, long bytes) {
      log.add("harmless " + bar + "." + offset + " " + bytes);
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {}
  }

  private final Card card = new Card();
  private final FakeAgent agent = new FakeAgent();
  private final FunctionEndpoint endpoint = new FunctionEndpoint(card, agent);
  private TlpPipe up;

  private void connect(boolean events) {
    up = new TlpPipe("up");
    up.events(events);
    up.join(endpoint, new Server());
    endpoint.connect(up);
  }

  private void run() {
    boolean moved = true;
    while (moved) {
      moved = up.deliver();
      agent.advance(0);
    }
  }

  private List<String> said() {
    run();
    List<String> said = List.copyOf(log);
    log.clear();
    return said;
  }

  private void config(int offset, int value) {
    MemorySegment tlp = MemorySegment.ofArray(new byte[16]);
    TlpEncoder.configWrite0(tlp, 0, 0, 1, 0x100, offset, 4);
    tlp.set(ValueLayout.JAVA_INT_UNALIGNED, 12, value);
    endpoint.onTlp(tlp, 0, 16);
  }

  private void write(int offset, int value) {
    MemorySegment tlp = MemorySegment.ofArray(new byte[16]);
    TlpEncoder.memoryWrite(tlp, 0, 0, BASE + offset, 4);
    tlp.set(ValueLayout.JAVA_INT_UNALIGNED, 12, value);
    endpoint.onTlp(tlp, 0, 16);
  }

  private void read(int offset) {
    MemorySegment tlp = MemorySegment.ofArray(new byte[12]);
    TlpEncoder.memoryRead(tlp, 0, 0, 9, BASE + offset, 4);
    endpoint.onTlp(tlp, 0, 12);
  }

  /** A server that has brought the card up; two changes so far. */
  private void up() {
    connect(true);
    config(0x10, BASE);
    config(0x04, 6);
  }

  private void told() {
    up();
    said();
  }

  @Test
  void registersAreToldOnceTheyCanBeRead() {
    connect(true);
    config(0x10, BASE);
    assertThat(said()).as("memory space is off").containsExactly("Cpl");
    config(0x04, 6);
    assertThat(said())
        .containsExactly("Cpl", "harmless 0.16 4", "event 0 after 2: 0", "event 8 after 2: 0 0");
    assertThat(endpoint.counters().get(EndpointCounter.EVENTS_SENT)).isEqualTo(2);
  }

  @Test
  void aServerThatTakesNoneGetsNone() {
    connect(false);
    config(0x10, BASE);
    config(0x04, 6);
    write(0, 5);
    card.set(2, 1);
    assertThat(said()).containsExactly("Cpl", "Cpl");
  }

  @Test
  @Tag("PCIEOE-99")
  void writesAreConfirmedUnlessTheyAreHarmless() {
    told();
    write(0, 5);
    assertThat(said()).containsExactly("event 0 after 3: 5", "event 8 after 3: 0 0");
    write(16, 5);
    write(16, 6);
    assertThat(said()).isEmpty();
    read(0);
    assertThat(said()).containsExactly("CplD");
    write(4, 1); // Changes nothing, which the server cannot know.
    assertThat(said()).containsExactly("event 0 after 6: 5", "event 8 after 6: 0 0");
  }

  @Test
  @Tag("PCIEOE-99")
  void whatTheCardChangesIsToldBeforeWhatTellsOfIt() {
    told();
    card.set(2, 7);
    card.port.dma().write(0x1000, MemorySegment.ofArray(new byte[4]), 0, 4);
    card.set(2, 8);
    assertThat(said())
        .containsExactly(
            "event 0 after 2: 0",
            "event 8 after 2: 7 0",
            "MWr",
            "event 0 after 2: 0",
            "event 8 after 2: 8 0");
  }

  @Test
  @Tag("PCIEOE-99")
  void alsoWhenThereIsNoRoom() {
    told();
    up.block(FlowClass.POSTED, true);
    card.set(2, 7);
    card.port.dma().write(0x1000, MemorySegment.ofArray(new byte[4]), 0, 4);
    card.set(2, 8);
    card.set(2, 9);
    read(0);
    assertThat(said()).isEmpty();
    up.block(FlowClass.POSTED, false);
    // What is told is what they hold when it is sent: no read could have seen less.
    assertThat(said())
        .containsExactly(
            "event 0 after 2: 0",
            "event 8 after 2: 9 0",
            "MWr",
            "event 0 after 2: 0",
            "event 8 after 2: 9 0",
            "CplD");
  }

  @Test
  @Tag("PCIEOE-99")
  void insideAWriteItIsNotConfirmed() {
    told();
    card.onWrite =
        () -> {
          card.set(2, 7);
          card.registers[3] = 8;
        };
    write(0, 5);
    assertThat(said())
        .containsExactly(
            "event 0 after 2: 5",
            "event 8 after 2: 7 0",
            "event 0 after 3: 5",
            "event 8 after 3: 7 8");
  }

  @Test
  @Tag("PCIEOE-99")
  void resetsAreChanges() {
    told();
    card.set(2, 7);
    said();
    endpoint.onHotReset();
    assertThat(said()).as("memory space is off again").isEmpty();
    config(0x10, BASE);
    config(0x04, 6);
    assertThat(said()).containsExactly("Cpl", "Cpl", "event 0 after 5: 0", "event 8 after 5: 0 0");
  }

  @Test
  void whatWaitedIsNotToldWhenTheServerHasSwitchedMemoryOff() {
    told();
    up.block(FlowClass.POSTED, true);
    card.set(2, 7);
    config(0x04, 4);
    up.block(FlowClass.POSTED, false);
    assertThat(said()).containsExactly("Cpl");
  }

  @Test
  void anotherServerIsToldAnew() {
    told();
    write(0, 5);
    endpoint.onDown();
    said();
    up();
    assertThat(said())
        .containsExactly(
            "Cpl", "Cpl", "harmless 0.16 4", "event 0 after 2: 0", "event 8 after 2: 0 0");
  }

  @Test
  void manyWritesWithoutRoomWaitAsOne() {
    told();
    up.block(FlowClass.POSTED, true);
    for (int i = 0; i < 100_000; i++) {
      write(0, i);
    }
    up.block(FlowClass.POSTED, false);
    assertThat(said()).containsExactly("event 0 after 100002: 99999", "event 8 after 100002: 0 0");
  }

  @Test
  void onlyRegistersInMemoryCanBeDeclared() {
    for (ReadMostly.Range wrong :
        List.of(
            new ReadMostly.Range(0, 4092, 8),
            new ReadMostly.Range(1, 0, 4),
            new ReadMostly.Range(2, 0, 4))) {
      FunctionSpecBuilder builder = new FunctionSpecBuilder(1, 2, 3).memory32(0, 4096).io(2, 16);
      builder.build();
      builder.readMostly(wrong.bar(), wrong.offset(), wrong.bytes());
      assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }
    FunctionSpecBuilder msix =
        new FunctionSpecBuilder(1, 2, 3).memory32(0, 4096).msix(4, 0, 1024, 2048);
    msix.build();
    msix.readMostly(0, 1000, 32);
    assertThatThrownBy(msix::build).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReadMostly.Range(0, 2, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReadMostly(List.of(new ReadMostly.Range(0, 0, 260)), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
