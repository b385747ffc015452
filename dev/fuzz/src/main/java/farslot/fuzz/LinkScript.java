package farslot.fuzz;

import farslot.link.FrameError;
import farslot.link.LinkEnd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer that does what the input says to one end of a link: frames that fit or nearly fit, noise,
 * rails that come, fill and go, time that passes.
 */
final class LinkScript {
  static final int PASS = 0;
  static final int NEW_RAIL = 1;
  static final int DOWN = 2;
  static final int FULL = 3;
  static final int USE = 4;
  static final int WORK = 5;
  static final int RAW = 6;
  static final int MALFORMED = 7;

  /** From here on a frame; the bits above say what of it is left as the input has it. */
  static final int FRAME = 8;

  private static final int OWN_SESSION = 0x10;
  private static final int OWN_TOKEN = 0x20;
  private static final int SPOILT_CRC = 0x40;
  private static final int OWN_ECHO = 0x80;

  // The flags' byte in a script: bit 0 asks for a CRC, some are the frame's own, and two more.
  private static final int FLAGS = 0x1E;
  private static final int HAS_SACK = 0x20;
  private static final int NEAR_RANGES = 0x40;

  private static final int RAILS_MAX = 8;
  private static final int DEEDS_MAX = 400;
  private static final long MS = 1_000_000;

  /** What else the end under test can be made to do. */
  interface End {
    LinkEnd link();

    /** A rail, if one may come up now. */
    void onRail(PeerRail rail, long nowNs);

    /** Something that its owner does. */
    void work(Script script, long nowNs);
  }

  private final Script script;
  private final End end;
  private final PeerState peer = new PeerState();
  private final List<PeerRail> rails = new ArrayList<>();
  private PeerRail rail;
  private long nowNs = 1_000_000 * MS;

  LinkScript(Script script, End end) {
    this.script = script;
    this.end = end;
  }

  void run() {
    connect(true);
    for (int deed = 0; deed < DEEDS_MAX && script.goesOn(); deed++) {
      deed(script.u8());
      end.link().flush(nowNs);
    }
    pass(40_000 * MS);
  }

  private void deed(int code) {
    switch (code & 0xF) {
      case PASS -> pass(script.u16() * MS / 4);
      case NEW_RAIL -> connect((code & 0x10) == 0);
      case DOWN -> {
        if (!rail.closed) {
          rail.closed = true;
          rail.listener.onDown("script", nowNs);
        }
      }
      case FULL -> {
        rail.full = !rail.full;
        if (!rail.full && !rail.closed) {
          rail.listener.onWritable(nowNs);
        }
      }
      case USE -> rail = rails.get(script.u8() % rails.size());
      case WORK -> end.work(script, nowNs);
      case RAW -> hear(script.bytes(script.u16() & 0x7FF));
      case MALFORMED -> {
        // Where each packet is a frame or none there is nothing that cannot be cut.
        if (!rail.closed && rail.reliable()) {
          rail.listener.onMalformed(FrameError.MAGIC, nowNs);
          rail.closed = true;
        }
      }
      default -> frame(code);
    }
  }

  private void connect(boolean reliable) {
    if (rails.size() == RAILS_MAX) {
      rails.removeFirst();
    }
    rail = new PeerRail(peer, reliable);
    rails.add(rail);
    end.onRail(rail, nowNs);
  }

  private void frame(int code) {
    int type = script.u8() & 0xF;
    int flags = script.u8();
    int session = (code & OWN_SESSION) == 0 ? peer.session : script.i32();
    int seq = peer.expected + script.delta();
    int ack = peer.seen + script.delta();
    int sack = (flags & HAS_SACK) == 0 ? 0 : script.i32();
    byte[] body = script.bytes(script.u16() & 0x7FF);
    ByteBuffer frame = Frames.frame(type, flags & FLAGS, session, seq, ack, body);
    frame.putInt(20, sack);
    if ((code & OWN_ECHO) == 0) {
      frame.putShort(4, (short) (frame.getShort(4) | 2)).putInt(28, rail.heardTime);
    }
    if (type == Frames.ACK && (flags & NEAR_RANGES) != 0) {
      for (int at = Frames.HEADER_BYTES; at < frame.capacity(); at += 4) {
        frame.putInt(at, ack + (frame.getInt(at) >> 24));
      }
    }
    boolean greets = type == Frames.HELLO || type == Frames.WELCOME;
    if (greets && (code & OWN_TOKEN) == 0 && frame.capacity() >= Frames.TOKEN_AT + 16) {
      frame.putLong(Frames.TOKEN_AT, peer.tokenHigh).putLong(Frames.TOKEN_AT + 8, peer.tokenLow);
    }
    if (!rail.reliable() || (flags & 1) != 0) {
      Frames.sealed(frame);
    }
    if ((code & SPOILT_CRC) != 0) {
      frame.put(39, (byte) (frame.get(39) ^ 1));
    }
    hear(frame.array());
  }

  private void hear(byte[] bytes) {
    if (!rail.closed) {
      try (Arena arena = Arena.ofConfined()) {
        // Exactly as long as what arrived, and gone when the call returns.
        MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        rail.listener.onFrame(segment, 0, bytes.length, nowNs);
      }
    }
  }

  private void pass(long ns) {
    long until = nowNs + ns;
    for (int step = 0; nowNs < until; step++) {
      if (step > 100_000) {
        throw new AssertionError("time stands still");
      }
      nowNs = Math.clamp(end.link().deadlineNs(), nowNs + 1, until);
      end.link().onTimer(nowNs);
      end.link().flush(nowNs);
    }
  }

  /** Writes seeds. */
  static final class Writer {
    private final Script.Writer out = new Script.Writer();

    Writer deed(int code) {
      out.u8(code);
      return this;
    }

    Writer pass(int quarterMs) {
      out.u8(PASS).u16(quarterMs);
      return this;
    }

    Writer work(int... bytes) {
      out.u8(WORK).u8(bytes);
      return this;
    }

    /** A frame that is next, and acknowledges all. */
    Writer frame(int type, byte[]... parts) {
      return frame(0, type, 0, 0, 0, parts);
    }

    Writer frame(int fix, int type, int flags, int seq, int ack, byte[]... parts) {
      byte[] body = Frames.join(parts);
      out.u8(FRAME | fix).u8(type, flags);
      if ((fix & OWN_SESSION) != 0) {
        out.i32(0x12345678);
      }
      out.u8(seq, ack).u16(body.length).bytes(body);
      return this;
    }

    byte[] done() {
      return out.done();
    }
  }
}
