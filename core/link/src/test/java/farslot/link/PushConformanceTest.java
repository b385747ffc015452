package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUSH, REVOKE and EVENT (docs/spec/pcieoe.md, sections 4.5 and 4.6). */
class PushConformanceTest {
  private static final int PUSH = 4;
  private static final int EVENT = 5;
  private static final int REVOKE = 6;
  private static final int ALL = 0xF;

  /** An initiator that can do everything, against a real appliance. */
  private static RawInitiator initiator() {
    RawInitiator peer = new RawInitiator();
    peer.capabilities = ALL;
    peer.reorderFrames = 64;
    return peer;
  }

  /** An appliance that can do everything, against a real initiator; the function in stream 3. */
  private static RawAcceptor acceptor(int headers, int data) {
    RawAcceptor peer = new RawAcceptor();
    peer.capabilities = ALL;
    peer.reorderFrames = 64;
    peer.attached(headers, data);
    return peer;
  }

  private static byte[] pushBody(long address, int heard, int bytes) {
    ByteBuffer b = ByteBuffer.allocate(12 + bytes).putLong(address).putInt(heard);
    for (int i = 0; i < bytes; i++) {
      b.put((byte) (i * 7));
    }
    return b.array();
  }

  private static byte[] push(int stream, int flags, long address, int heard, int bytes) {
    return Frames.record(stream, PUSH, flags, 9, pushBody(address, heard, bytes));
  }

  private static byte[] event(int stream, int bar, int flags, int offset, int bytes) {
    byte[] body =
        ByteBuffer.allocate(12 + bytes)
            .put((byte) bar)
            .put((byte) flags)
            .putShort((short) 0)
            .putInt(77)
            .putInt(offset)
            .array();
    Arrays.fill(body, 12, body.length, (byte) 1);
    return Frames.record(stream, EVENT, 0, 9, body);
  }

  private static String said(long address, int bytes, boolean steady) {
    String hex =
        HexFormat.of().formatHex(Arrays.copyOfRange(pushBody(0, 0, bytes), 12, 12 + bytes));
    return "push %x %s%s".formatted(address, hex, steady ? " steady" : "");
  }

  private static boolean sendPush(LinkStream stream, long address, int bytes, boolean steady) {
    long at = stream.claimPush(address, bytes, steady);
    if (at >= 0) {
      MemorySegment.copy(
          MemorySegment.ofArray(pushBody(0, 0, bytes)), 12, stream.segment(), at, bytes);
      stream.commit();
    }
    return at >= 0;
  }

  private static boolean sendWrite(LinkStream stream) {
    byte[] tlp = Frames.memoryWrite(4);
    long at = stream.claim(FlowClass.POSTED, tlp.length, 4);
    if (at >= 0) {
      MemorySegment.copy(tlp, 0, stream.segment(), ValueLayout.JAVA_BYTE, at, tlp.length);
      stream.commit();
    }
    return at >= 0;
  }

  // Receiving.

  @Test
  @Tag("PCIEOE-90")
  @Tag("PCIEOE-93")
  void pushesAndRevokesKeepTheirPlaceAmongTlps() {
    RawInitiator peer = initiator().attached();
    int stream = peer.stream();
    byte[] write = Frames.memoryWrite(4);
    peer.data(
        push(stream, 2, 0x5040, 0, 64),
        Frames.tlp(stream, 9, write),
        Frames.record(stream, REVOKE, 0, 9, new byte[4]),
        push(stream, 0, 0x1_0000_0FFFL, 0, 1),
        Frames.tlp(stream, 9, write));
    String tlp = HexFormat.of().formatHex(write);
    assertThat(peer.functions.getLast().tlps)
        .containsExactly(
            said(0x5040, 64, true), tlp, "revoke", said(0x1_0000_0FFFL, 1, false), tlp);
    assertThat(peer.counters().snapshot())
        .containsEntry("pushes_received", 2L)
        .containsEntry("push_bytes_received", 65L)
        .containsEntry("revokes_received", 1L)
        .containsEntry("tlps_received", 2L);
  }

  @Test
  @Tag("PCIEOE-90")
  @Tag("PCIEOE-15")
  void aPushInFragmentsIsPutTogetherAcrossFrames() {
    RawInitiator peer = initiator().attached();
    int stream = peer.stream();
    byte[] body = pushBody(0x7000, 0, 4096);
    byte[] first = Arrays.copyOf(body, 1448);
    byte[] second = Arrays.copyOfRange(body, 1448, 2896);
    byte[] last = Arrays.copyOfRange(body, 2896, body.length);
    peer.data(Frames.record(stream, PUSH, 3, 9, first));
    peer.data(Frames.record(stream, PUSH, 3, 9, second));
    assertThat(peer.functions.getLast().tlps).isEmpty();
    peer.data(Frames.record(stream, PUSH, 2, 9, last));
    assertThat(peer.functions.getLast().tlps).containsExactly(said(0x7000, 4096, true));
    // Something between, of whatever kind, drops what had gathered.
    byte[] write = Frames.memoryWrite(4);
    peer.data(
        Frames.record(stream, PUSH, 1, 9, first),
        Frames.tlp(stream, 9, write),
        push(stream, 0, 0x40, 0, 4));
    assertThat(peer.functions.getLast().tlps)
        .containsExactly(
            said(0x7000, 4096, true), HexFormat.of().formatHex(write), said(0x40, 4, false));
    assertThat(peer.counters().snapshot()).containsEntry("dropped_tlps.broken_fragments", 1L);
  }

  @ParameterizedTest
  @Tag("PCIEOE-91")
  @CsvSource({"4096, 0", "4095, 2", "0x1FFF, 2", "-1, 2"})
  void aPushThatIsNotInOnePageIsDroppedAndCostsNothing(long address, int bytes) {
    RawInitiator peer = initiator().attached();
    LinkStream stream = peer.functions.getLast().stream;
    CreditLevel before = stream.credits(FlowClass.POSTED);
    peer.data(push(stream.id(), 2, address, 0, bytes));
    CreditLevel after = stream.credits(FlowClass.POSTED);
    assertThat(peer.functions.getLast().tlps).isEmpty();
    assertThat(peer.counters().snapshot()).containsEntry("dropped_pushes.malformed", 1L);
    assertThat(after.headersUsable() + after.headersFreed()).isEqualTo(before.headersUsable());
    assertThat(after.dataUsable() + after.dataFreed()).isEqualTo(before.dataUsable());
    peer.data(push(stream.id(), 2, 0x1000, 0, 8));
    assertThat(peer.functions.getLast().tlps).containsExactly(said(0x1000, 8, true));
  }

  @Test
  @Tag("PCIEOE-91")
  void aPushThatGrowsTooLongInFragmentsIsDropped() {
    RawInitiator peer = initiator().attached();
    int stream = peer.stream();
    byte[] part = pushBody(0x7000, 0, 4084);
    for (int i = 0; i < 5; i++) {
      peer.data(Frames.record(stream, PUSH, i < 4 ? 3 : 2, 9, part));
    }
    assertThat(peer.functions.getLast().tlps).isEmpty();
    assertThat(peer.functions.getLast().downs).isZero();
    assertThat(peer.counters().snapshot()).containsEntry("dropped_pushes.malformed", 1L);
  }

  @ParameterizedTest
  @Tag("PCIEOE-91")
  @ValueSource(ints = {0, 4, 12, 4109, 4112, 8000})
  void aRecordThatNoPushCanBeIsDroppedAndCostsNothing(int bodyBytes) {
    RawInitiator peer = initiator().attached();
    LinkStream stream = peer.functions.getLast().stream;
    CreditLevel before = stream.credits(FlowClass.POSTED);
    peer.data(Frames.record(stream.id(), PUSH, 2, 9, new byte[bodyBytes]));
    CreditLevel after = stream.credits(FlowClass.POSTED);
    assertThat(peer.functions.getLast().tlps).isEmpty();
    assertThat(peer.counters().snapshot()).containsEntry("dropped_pushes.malformed", 1L);
    assertThat(after.headersUsable() + after.headersFreed()).isEqualTo(before.headersUsable());
    assertThat(after.dataUsable() + after.dataFreed()).isEqualTo(before.dataUsable());
    peer.data(push(stream.id(), 2, 0x1000, 0, 8));
    assertThat(peer.functions.getLast().tlps).containsExactly(said(0x1000, 8, true));
  }

  @Test
  @Tag("PCIEOE-9")
  void aFragmentThatEndsInsideADwordMakesTheFrameMalformed() {
    RawInitiator peer = initiator().attached();
    byte[] record = Frames.record(peer.stream(), PUSH, 1, 9, new byte[13]);
    peer.data(Frames.tlp(peer.stream(), 9, Frames.memoryWrite(4)), record);
    assertThat(peer.functions.getLast().tlps).isEmpty();
    assertThat(peer.rail.last().type()).isEqualTo(Frames.REFUSE);
    assertThat(peer.live().state()).isEqualTo(LinkState.RECOVERY);
  }

  @Test
  @Tag("PCIEOE-92")
  void whatIsNotSteadyCountsOnlyIfTheInitiatorHadHeardAll() {
    RawInitiator peer = initiator().attached();
    Recorder function = peer.functions.getLast();
    int stream = peer.stream();
    sendWrite(function.stream);
    peer.data(push(stream, 0, 0x1000, 0, 4));
    // What was pushed there before is older still.
    assertThat(function.tlps).containsExactly("stale 1000 4");
    function.tlps.clear();
    peer.data(push(stream, 2, 0x1000, 0, 8), push(stream, 0, 0x1000, 1, 4));
    assertThat(function.tlps).containsExactly(said(0x1000, 8, true), said(0x1000, 4, false));
    // A read request says nothing that software could answer to; a completion does.
    byte[] read = Frames.memoryRead();
    long at = function.stream.claim(FlowClass.NON_POSTED, read.length, 0);
    MemorySegment.copy(read, 0, function.stream.segment(), ValueLayout.JAVA_BYTE, at, read.length);
    function.stream.commit();
    peer.data(push(stream, 0, 0x1000, 1, 4));
    assertThat(function.tlps).hasSize(3);
    byte[] completion = ByteBuffer.allocate(12).putInt(0x0A000000).putInt(4).putInt(0).array();
    at = function.stream.claim(FlowClass.COMPLETION, 12, 0);
    MemorySegment.copy(completion, 0, function.stream.segment(), ValueLayout.JAVA_BYTE, at, 12);
    function.stream.commit();
    peer.data(push(stream, 0, 0x1000, 1, 4));
    assertThat(function.tlps).hasSize(4).endsWith("stale 1000 4");
    at = function.stream.claimEvent(0, 0, 0, 4);
    assertThat(at).isPositive();
    function.stream.commit();
    peer.data(push(stream, 0, 0x1000, 2, 4), push(stream, 0, 0x1000, 3, 4));
    assertThat(function.tlps).hasSize(6).endsWith("stale 1000 4", said(0x1000, 4, false));
    assertThat(peer.counters().snapshot()).containsEntry("dropped_pushes.stale", 3L);
  }

  @Test
  @Tag("PCIEOE-92")
  void anInitiatorSaysWhatItHasHeard() {
    RawAcceptor peer = acceptor(64, 1024);
    LinkStream stream = peer.functions.getLast().stream;
    peer.data(
        Frames.tlp(3, 9, Frames.memoryWrite(4)),
        Frames.tlp(3, 9, Frames.memoryRead()),
        Frames.tlp(3, 9, ByteBuffer.allocate(12).putInt(0x0A000000).putInt(4).putInt(0).array()),
        // Malformed, but sent: counted at both ends.
        Frames.tlp(3, 9, Arrays.copyOf(Frames.memoryWrite(4), 20)),
        event(3, 0, 0, 0, 4));
    assertThat(sendPush(stream, 0x2000, 4, false)).isTrue();
    peer.initiator.flush(peer.nowNs);
    Frames.Rec push = peer.rail.records().getLast();
    assertThat(push.kind()).isEqualTo(PUSH);
    assertThat(push.buffer().getLong(0)).isEqualTo(0x2000);
    assertThat(push.buffer().getInt(8)).as("heard").isEqualTo(4);
  }

  @Test
  @Tag("PCIEOE-43")
  void pushesBeyondTheCreditsEndTheStream() {
    RawInitiator peer = initiator();
    peer.grants = new Credits(8, 512, 8, 512, 0, 0);
    peer.attached();
    byte[] whole = push(peer.stream(), 2, 0x1000, 0, 4096);
    peer.data(whole, whole, push(peer.stream(), 2, 0x1000, 0, 1));
    assertThat(peer.functions.getLast().tlps).hasSize(2);
    assertThat(peer.functions.getLast().downs).isEqualTo(1);
    assertThat(peer.live().state()).isEqualTo(LinkState.L0);
  }

  @Test
  @Tag("PCIEOE-90")
  void aReceiverGivesAPushsCreditsBack() {
    RawInitiator peer = initiator();
    peer.grants = new Credits(64, 1024, 8, 512, 0, 0);
    peer.attached();
    peer.data(push(peer.stream(), 2, 0x1000, 0, 4081));
    ByteBuffer credit = peer.rail.records().getLast().buffer();
    assertThat(credit.getInt()).as("class POSTED").isZero();
    assertThat(credit.getInt()).as("headers").isEqualTo(65);
    assertThat(credit.getInt()).as("data").isEqualTo(1024 + 256);
  }

  @ParameterizedTest
  @Tag("PCIEOE-12")
  @ValueSource(ints = {PUSH, EVENT, REVOKE})
  void whatWasNotAgreedOnIsMalformed(int kind) {
    RawInitiator peer = initiator();
    peer.capabilities = 3;
    peer.attached();
    byte[] body = kind == EVENT ? new byte[16] : pushBody(0x1000, 0, 4);
    peer.data(Frames.record(peer.stream(), kind, 0, 9, body));
    assertThat(peer.functions.getLast().tlps).isEmpty();
    assertThat(peer.rail.last().type()).isEqualTo(Frames.REFUSE);
    LinkStream stream = peer.functions.getLast().stream;
    assertThat(stream.events()).isFalse();
    assertThat(stream.claimEvent(0, 0, 0, 4)).isEqualTo(-1);
    assertThat(stream.harmless(0, 0, 4)).isFalse();
  }

  @Test
  @Tag("PCIEOE-12")
  void anInitiatorPushesOnlyWhatWasAgreedOn() {
    RawAcceptor peer = new RawAcceptor();
    peer.attached(64, 1024);
    LinkStream stream = peer.functions.getLast().stream;
    assertThat(stream.pushes()).isFalse();
    assertThat(sendPush(stream, 0, 4, true)).isFalse();
    stream.revoke();
    peer.initiator.flush(peer.nowNs);
    assertThat(peer.rail.records()).noneMatch(r -> r.kind() == PUSH || r.kind() == REVOKE);
  }

  @Test
  @Tag("PCIEOE-95")
  @Tag("PCIEOE-50")
  void pushesRevokesAndEventsAgainstTheirDirectionAreDropped() {
    RawAcceptor appliance = acceptor(64, 1024);
    appliance.data(
        push(3, 2, 0x1000, 0, 4),
        Frames.record(3, REVOKE, 0, 9, new byte[0]),
        event(3, 0, 0, 0, 4));
    assertThat(appliance.functions.getLast().tlps).hasSize(1).first().asString().startsWith("ev");
    assertThat(appliance.live().counters().snapshot())
        .containsEntry("dropped_records.wrong_direction", 2L);
    RawInitiator initiator = initiator().attached();
    initiator.data(event(initiator.stream(), 0, 0, 0, 4));
    assertThat(initiator.functions.getLast().tlps).isEmpty();
    assertThat(initiator.counters().snapshot())
        .containsEntry("dropped_records.wrong_direction", 1L);
    LinkStream stream = initiator.functions.getLast().stream;
    assertThat(stream.pushes()).isFalse();
    assertThat(stream.claimPush(0x1000, 4, true)).isEqualTo(-1);
    assertThat(appliance.functions.getLast().stream.events()).isFalse();
    assertThat(appliance.functions.getLast().stream.claimEvent(0, 0, 0, 4)).isEqualTo(-1);
  }

  @Test
  @Tag("PCIEOE-90")
  void eventsKeepTheirPlaceAmongTlps() {
    RawAcceptor peer = acceptor(64, 1024);
    byte[] write = Frames.memoryWrite(4);
    peer.data(
        event(3, 5, 1, 0x1000, 4),
        Frames.tlp(3, 9, write),
        event(3, 2, 0, 0xFFFFFFFC, 4),
        event(3, 0, 0, 0x1C, 256));
    assertThat(peer.functions.getLast().tlps)
        .containsExactly(
            "harmless 5 1000 1010101",
            HexFormat.of().formatHex(write),
            "event 2 fffffffc 77 01010101",
            "event 0 1c 77 " + "01".repeat(256));
    assertThat(peer.live().counters().snapshot()).containsEntry("events_received", 3L);
  }

  @ParameterizedTest
  @Tag("PCIEOE-96")
  @CsvSource({
    "6, 0, 0, 4",
    "0, 0, 0, 0",
    "0, 0, 0, 257",
    "0, 0, 0xFFFFFFFD, 4",
    "0, 1, 0, 3",
    "0, 1, 0, 8",
    "0, 1, 0xFFFFFFFF, 4"
  })
  void eventsThatCannotBeAreMalformed(int bar, int flags, long offset, int bytes) {
    RawAcceptor peer = acceptor(64, 1024);
    peer.data(event(3, bar, flags, (int) offset, bytes));
    assertThat(peer.functions.getLast().tlps).isEmpty();
    assertThat(peer.rail.last().type()).isEqualTo(Frames.REFUSE);
    assertThat(peer.live().state()).isEqualTo(LinkState.RECOVERY);
  }

  @Test
  @Tag("PCIEOE-90")
  void anEventIsRefusedLikeAnyPostedRequest() {
    RawInitiator peer = initiator();
    peer.up();
    peer.data(Frames.attach(1, 0, 8, 512, "disk"));
    Recorder function = peer.functions.getLast();
    for (int i = 0; i < 8; i++) {
      assertThat(function.stream.claimEvent(0, 4 * i, i, 4)).isPositive();
      function.stream.commit();
    }
    assertThat(function.stream.claimEvent(0, 0, 0, 4)).isEqualTo(-1);
    assertThat(sendWrite(function.stream)).isFalse();
    peer.data(Frames.credit(peer.stream(), 9, 0, 9, 512));
    assertThat(function.rooms).isEqualTo(1);
    assertThat(function.stream.claimEvent(0, 0, 0, 4)).isPositive();
    assertThatThrownBy(() -> function.stream.claimEvent(0, 0, 0, 257))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // Sending.

  @Test
  @Tag("PCIEOE-94")
  void pushesLeaveAQuarterOfTheCreditsToTlps() {
    RawAcceptor peer = acceptor(8, 0);
    LinkStream stream = peer.functions.getLast().stream;
    for (int i = 0; i < 6; i++) {
      assertThat(sendPush(stream, 0x1000, 8, true)).isTrue();
    }
    assertThat(sendPush(stream, 0x1000, 8, true)).as("headers").isFalse();
    assertThat(sendWrite(stream)).isTrue();
    assertThat(sendWrite(stream)).isTrue();
    assertThat(sendWrite(stream)).isFalse();

    peer = acceptor(64, 1024);
    stream = peer.functions.getLast().stream;
    for (int i = 0; i < 3; i++) {
      assertThat(sendPush(stream, 0x1000, 4096, true)).isTrue();
    }
    assertThat(sendPush(stream, 0x1000, 1, true)).as("data").isFalse();
    assertThat(sendWrite(stream)).isTrue();
    assertThat(peer.live().counters().snapshot())
        .containsEntry("pushes_sent", 3L)
        .containsEntry("push_bytes_sent", 3L * 4096)
        .containsEntry("pushes_refused", 1L)
        .containsEntry("tlps_sent", 1L);
  }

  @Test
  @Tag("PCIEOE-94")
  void aRefusedPushIsNotCalledBack() {
    RawAcceptor peer = acceptor(8, 512);
    Recorder function = peer.functions.getLast();
    while (sendPush(function.stream, 0x1000, 8, true)) {}
    peer.data(Frames.credit(3, 9, 0, 16, 512));
    assertThat(function.rooms).isZero();
    assertThat(sendPush(function.stream, 0x1000, 8, true)).isTrue();
  }

  @Test
  @Tag("PCIEOE-94")
  void pushesLeaveTheReplayBufferToTlps() {
    RawAcceptor peer = acceptor(0, 0);
    LinkStream stream = peer.functions.getLast().stream;
    peer.rail.roomFrames = 0;
    long pushed = 0;
    while (sendPush(stream, 0x1000, 4096, true)) {
      pushed += 4096;
    }
    long replayBytes = LinkSizes.USUAL.replayBytes();
    assertThat(pushed).isBetween(replayBytes / 2, replayBytes * 3 / 4);
    int writes = 0;
    while (sendWrite(stream)) {
      writes++;
    }
    assertThat(writes * 24L).isGreaterThan(replayBytes / 5);
  }

  @Test
  void onlyWhatIsInAPageCanBePushed() {
    LinkStream stream = acceptor(64, 1024).functions.getLast().stream;
    for (long[] wrong : new long[][] {{0, 0}, {0, 4097}, {1, 4096}, {0xFFF, 2}}) {
      assertThatThrownBy(() -> stream.claimPush(wrong[0], (int) wrong[1], true))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @Tag("PCIEOE-90")
  void aPushThatIsLongerThanAFrameIsCut() {
    RawAcceptor peer = new RawAcceptor();
    peer.capabilities = ALL;
    peer.reorderFrames = 64;
    peer.frameBytesMax = 1496;
    peer.attached(64, 1024);
    LinkStream stream = peer.functions.getLast().stream;
    int before = peer.rail.records().size();
    assertThat(sendPush(stream, 0x1000, 4093, true)).isTrue();
    assertThat(sendWrite(stream)).isTrue();
    peer.initiator.flush(peer.nowNs);
    List<Frames.Rec> records = peer.rail.records();
    records = records.subList(before, records.size());
    assertThat(records.stream().map(Frames.Rec::kind)).containsExactly(4, 4, 4, 1);
    assertThat(records.stream().map(Frames.Rec::flags)).containsExactly(3, 3, 2, 0);
    byte[] whole = Frames.join(records.get(0).body(), records.get(1).body(), records.get(2).body());
    assertThat(whole).isEqualTo(pushBody(0x1000, 0, 4093));
  }

  @Test
  @Tag("PCIEOE-93")
  void severalRevokesWithoutAPushBetweenAreOne() {
    RawAcceptor peer = acceptor(64, 1024);
    LinkStream stream = peer.functions.getLast().stream;
    stream.revoke();
    sendPush(stream, 0x1000, 8, true);
    stream.revoke();
    stream.revoke();
    sendPush(stream, 0x1000, 8, true);
    stream.revoke();
    peer.initiator.flush(peer.nowNs);
    assertThat(peer.rail.records().stream().map(Frames.Rec::kind).filter(k -> k == 4 || k == 6))
        .containsExactly(4, 6, 4, 6);
    assertThat(peer.live().counters().snapshot()).containsEntry("revokes_sent", 2L);
  }

  @Test
  @Tag("PCIEOE-93")
  void aRevokeThatWaitsForRoomIsNotOvertaken() {
    RawAcceptor peer = acceptor(0, 0);
    LinkStream stream = peer.functions.getLast().stream;
    peer.rail.roomFrames = 0;
    sendPush(stream, 0x1000, 8, true);
    while (sendWrite(stream)) {}
    // What is kept for control records goes, too.
    while (peer.live().sender().controlWaiting() == 0) {
      stream.hotReset();
    }
    stream.revoke();
    stream.revoke();
    assertThat(sendWrite(stream)).isFalse();
    assertThat(sendPush(stream, 0x1000, 16, true)).isFalse();
    peer.rail.roomFrames = Integer.MAX_VALUE;
    peer.listener.onWritable(peer.nowNs);
    peer.acknowledgeAll();
    assertThat(sendPush(stream, 0x1000, 24, true)).isTrue();
    assertThat(sendWrite(stream)).isTrue();
    peer.initiator.flush(peer.nowNs);
    peer.acknowledgeAll();
    List<Frames.Rec> records = peer.rail.records();
    assertThat(records.stream().filter(r -> r.kind() == REVOKE)).hasSize(1);
    records = records.subList(records.size() - 3, records.size());
    assertThat(records.stream().map(Frames.Rec::kind)).containsExactly(REVOKE, PUSH, 1);
  }
}
