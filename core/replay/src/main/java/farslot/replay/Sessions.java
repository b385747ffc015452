package farslot.replay;

import farslot.capture.CaptureFile;
import farslot.link.FrameCheck;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sessions in a capture: their two directions each, and which stream is which function. */
final class Sessions {
  private static final int SESSIONS_MAX = 4096;

  /** What our captures say of the streams that were up when they began. */
  private static final Pattern STREAM =
      Pattern.compile("session ([0-9a-f]{8}): stream (\\d{1,5}) \\('(.*)', epoch ");

  private record Stream(int session, int number) {}

  private final BiConsumer<String, Utterance> sink;
  private final FrameCheck check = new FrameCheck();
  private final FrameView frame = new FrameView();
  private final Map<String, Side> sides = new LinkedHashMap<>();
  private final Map<Stream, String> names = new HashMap<>();
  private final Map<Stream, String> asked = new HashMap<>();
  private final List<Saying> said = new ArrayList<>();
  private boolean byAppliance;

  /** What was said, before it is known by whom. */
  private record Saying(
      String function,
      Side side,
      long packet,
      long timeNs,
      Optional<Utterance.Kind> kind,
      byte[] bytes) {}

  /**
   * @param sink told what was said in each function, at the {@link #end}
   */
  Sessions(BiConsumer<String, Utterance> sink) {
    this.sink = sink;
  }

  /** What the file says of itself: who captured, and the streams that were there. */
  void comment(String comment) {
    byAppliance = comment.startsWith("appliance");
    Matcher stream = STREAM.matcher(comment);
    while (stream.find()) {
      int session = Integer.parseUnsignedInt(stream.group(1), 16);
      names.put(new Stream(session, Integer.parseInt(stream.group(2))), stream.group(3));
    }
  }

  /**
   * A frame in a packet.
   *
   * @param sender tells the directions apart
   */
  void frame(CaptureFile.Packet packet, int at, String sender) {
    int bytes = packet.bytes().length - at;
    if (bytes <= 0) {
      return;
    }
    MemorySegment segment = MemorySegment.ofArray(packet.bytes());
    if (check.check(segment, at, bytes, FrameFormat.FRAME_BYTES_MAX, false) != null) {
      return;
    }
    frame.wrap(segment, at);
    if (frame.type() != FrameFormat.DATA) {
      return;
    }
    String key = sender + Integer.toHexString(frame.sessionId());
    Side side = sides.get(key);
    if (side == null) {
      if (sides.size() == SESSIONS_MAX) {
        return;
      }
      side = new Side(this, frame.sessionId(), sender);
      sides.put(key, side);
    }
    byte[] copy = Arrays.copyOfRange(packet.bytes(), at, at + frame.frameBytes());
    side.frames.onData(frame.seq(), copy, packet.number(), packet.timeNs());
  }

  void onAttach(int session, int request, String name) {
    asked.put(new Stream(session, request), name);
  }

  void onAttached(Side side, int request, int stream, long packet, long timeNs) {
    String name = asked.remove(new Stream(side.session, request));
    if (name != null) {
      names.put(new Stream(side.session, stream), name);
    }
    onReset(side, stream, packet, timeNs);
  }

  void onReset(Side side, int stream, long packet, long timeNs) {
    say(side, stream, packet, timeNs, Optional.of(Utterance.Kind.RESET), new byte[0]);
  }

  /** The server pushes memory, or takes it back. */
  void onPush(Side side, int stream, long packet, long timeNs, Utterance.Kind kind, byte[] body) {
    say(side, stream, packet, timeNs, Optional.of(kind), body);
  }

  void onTlp(Side side, int stream, long packet, long timeNs, byte[] tlp) {
    say(side, stream, packet, timeNs, Optional.empty(), tlp);
  }

  private void say(
      Side side, int stream, long packet, long timeNs, Optional<Utterance.Kind> kind, byte[] b) {
    said.add(new Saying(name(side, stream), side, packet, timeNs, kind, b));
  }

  private String name(Side side, int stream) {
    String name = names.get(new Stream(side.session, stream));
    return name != null ? name : "%08x/%d".formatted(side.session, stream);
  }

  /** Frames that the capture does not have. */
  long missing() {
    return sides.values().stream().mapToLong(side -> side.frames.missing()).sum();
  }

  /** All has been read. */
  void end() {
    sides.values().forEach(side -> side.frames.end());
    for (Saying each : said) {
      Utterance.Kind kind =
          each.kind.orElse(ofServer(each.side) ? Utterance.Kind.SERVER : Utterance.Kind.CARD);
      sink.accept(each.function, new Utterance(each.packet, each.timeNs, kind, each.bytes));
    }
  }

  private boolean ofServer(Side side) {
    if (side.evidence != 0) {
      return side.evidence > 0;
    }
    for (Side other : sides.values()) {
      if (other != side && other.session == side.session && other.evidence != 0) {
        return other.evidence < 0;
      }
    }
    return side.sender.equals(CaptureFile.Direction.INBOUND.name()) == byAppliance;
  }
}
