package farslot.replay;

import farslot.link.FrameFormat;
import farslot.link.FrameView;
import farslot.pcie.BigEndian;
import farslot.pcie.TlpLimits;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** One direction of a session in a capture: its records, with fragments put together. */
final class Side {
  // docs/spec/pcieoe.md, 9.1 and 9.2.
  private static final int REQUEST_AT = 0;
  private static final int NAME_BYTES_AT = 2;
  private static final int NAME_AT = 40;

  final int session;
  final String sender;
  final Frames frames = new Frames(this::onFrame);

  /** Above 0 when this is what the initiator says, below for the appliance, 0 for not known. */
  int evidence;

  private final Sessions sessions;
  private final MemorySegment gathered = MemorySegment.ofArray(new long[TLP_LONGS]);
  private static final int TLP_LONGS = TlpLimits.TLP_BYTES_MAX / Long.BYTES + 1;
  private final TlpView tlp = new TlpView();
  private int gatheredBytes;
  private int gatheredKind;
  private int gatheredStream;
  private boolean gathering;

  Side(Sessions sessions, int session, String sender) {
    this.sessions = sessions;
    this.session = session;
    this.sender = sender;
  }

  private void onFrame(FrameView frame, long packet, long timeNs) {
    while (frame.nextRecord()) {
      if (gathering && (frame.kind() != gatheredKind || frame.stream() != gatheredStream)) {
        gathering = false;
      }
      switch (frame.kind()) {
        case FrameFormat.TLP, FrameFormat.PUSH -> fragment(frame, packet, timeNs);
        case FrameFormat.REVOKE -> {
          evidence++;
          byte[] nothing = {};
          sessions.onPush(this, frame.stream(), packet, timeNs, Utterance.Kind.REVOKE, nothing);
        }
        case FrameFormat.EVENT -> evidence--;
        case FrameFormat.ATTACH -> {
          evidence++;
          sessions.onAttach(session, request(frame), name(frame));
        }
        case FrameFormat.ATTACHED -> {
          evidence--;
          sessions.onAttached(this, request(frame), frame.stream(), packet, timeNs);
        }
        case FrameFormat.HOT_RESET -> {
          evidence++;
          sessions.onReset(this, frame.stream(), packet, timeNs);
        }
        case FrameFormat.DETACH -> evidence++;
        case FrameFormat.DETACHED, FrameFormat.REFUSED -> evidence--;
        default -> {
          // Credits and the like are the link's own business.
        }
      }
    }
  }

  private static int request(FrameView frame) {
    return BigEndian.u16(frame.segment(), frame.bodyOffset() + REQUEST_AT);
  }

  private static String name(FrameView frame) {
    int bytes = BigEndian.u8(frame.segment(), frame.bodyOffset() + NAME_BYTES_AT);
    byte[] utf8 = new byte[bytes];
    MemorySegment.copy(
        frame.segment(), frame.bodyOffset() + NAME_AT, MemorySegment.ofArray(utf8), 0, bytes);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private void fragment(FrameView frame, long packet, long timeNs) {
    if (!gathering && !frame.more()) {
      whole(frame, frame.segment(), frame.bodyOffset(), frame.bodyBytes(), packet, timeNs);
      return;
    }
    if (!gathering) {
      gathering = true;
      gatheredKind = frame.kind();
      gatheredStream = frame.stream();
      gatheredBytes = 0;
    }
    int bytes = frame.bodyBytes();
    int room = Math.clamp(TlpLimits.TLP_BYTES_MAX - gatheredBytes, 0, bytes);
    MemorySegment.copy(
        frame.segment(), frame.bodyOffset(), gathered, Math.min(gatheredBytes, LIMIT), room);
    gatheredBytes = Math.min(gatheredBytes + bytes, 2 * LIMIT);
    if (!frame.more()) {
      gathering = false;
      whole(frame, gathered, 0, gatheredBytes, packet, timeNs);
    }
  }

  private void whole(
      FrameView last, MemorySegment segment, long at, int bytes, long packet, long timeNs) {
    if (last.kind() == FrameFormat.TLP) {
      tlp(last, segment, at, bytes, packet, timeNs);
    } else {
      push(last, segment, at, bytes, packet, timeNs);
    }
  }

  private void push(
      FrameView last, MemorySegment segment, long at, int bytes, long packet, long timeNs) {
    int memoryBytes = bytes - FrameFormat.PUSH_HEADER_BYTES;
    if (memoryBytes < 1 || memoryBytes > FrameFormat.PUSH_BYTES_MAX) {
      return;
    }
    long inPage =
        BigEndian.i64(segment, at + FrameFormat.PUSH_ADDRESS_AT) & FrameFormat.PUSH_BYTES_MAX - 1;
    if (inPage + memoryBytes > FrameFormat.PUSH_BYTES_MAX) {
      return;
    }
    evidence++;
    byte[] copy = segment.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
    Utterance.Kind kind = last.steady() ? Utterance.Kind.STEADY_PUSH : Utterance.Kind.PUSH;
    sessions.onPush(this, last.stream(), packet, timeNs, kind, copy);
  }

  private static final int LIMIT = TlpLimits.TLP_BYTES_MAX;

  private void tlp(
      FrameView frame, MemorySegment segment, long at, int bytes, long packet, long timeNs) {
    if (bytes > LIMIT || TlpView.check(segment, at, bytes) != null) {
      return;
    }
    if (TlpType.isConfig(tlp.wrap(segment, at, bytes).fmtType())) {
      evidence++;
    }
    byte[] copy = segment.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
    sessions.onTlp(this, frame.stream(), packet, timeNs, copy);
  }
}
