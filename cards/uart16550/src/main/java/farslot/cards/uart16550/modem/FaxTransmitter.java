package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * +FTM and +FTH (T.31, 8.3.3 and 8.3.5): takes shielded data from the computer and puts it on a
 * carrier, as fast as the carrier's name says. Where T.31 drops the carrier because the computer
 * was late, this one waits five seconds for it: a guest that was paused does not lose its page.
 */
final class FaxTransmitter {
  private static final int QUEUE_BYTES = 1 << 12;

  /** How often bytes go out: often enough that the queue never blocks the computer for long. */
  private static final long TICK_NS = 20_000_000;

  /** Flags before the first frame (T.30, 5.3.1): one second. */
  private static final long PREAMBLE_NS = ModemSpec.SECOND_NS;

  /** Bytes around a frame: its flag. */
  private static final int FLAG_BYTES = 1;

  /**
   * How long OK waits for the other end to have heard all: T.30's timers begin with it. Less than
   * what programs wait for it (efax: 13.6 s and 30 s).
   */
  private static final long HEARD_FRAME_NS = 10 * ModemSpec.SECOND_NS;

  private static final long HEARD_IMAGE_NS = 25 * ModemSpec.SECOND_NS;

  private final Agent agent;
  private final FaxHost host;
  private final Agent.Timer timer;
  private final ByteQueue queue = new ByteQueue(QUEUE_BYTES);
  private final MemorySegment frame =
      Arena.ofAuto().allocate(Hdlc.FRAME_BYTES_MAX + Hdlc.FCS_BYTES, Long.BYTES);
  private final DleDecoder decoder = new DleDecoder();
  private Modulation modulation;
  private int frameBytes;
  private boolean frameTooLong;
  private boolean carrierOn;

  /** Carriers that were ended, and of those, the ones that were heard to their end. */
  private int silences;

  private int heard;

  /** All was sent; what is missing is that it was heard. */
  private boolean waiting;

  /** DLE ETX has come. */
  private boolean ended;

  /** Until when the line is busy with what it was given. */
  private long lineFreeNs;

  private long lastDataNs;

  FaxTransmitter(Agent agent, FaxHost host) {
    this.agent = agent;
    this.host = host;
    timer = agent.timer(this::onTimer);
  }

  /** A new call. */
  void reset() {
    silences = 0;
    heard = 0;
  }

  /** The other end has heard a carrier to its end. */
  void heard() {
    heard++;
    if (waiting && heard >= silences) {
      done();
    }
  }

  /** There is nobody to hear it any more. */
  void gone() {
    if (waiting) {
      done();
    }
  }

  private void done() {
    stop();
    host.faxDone(ResultCode.OK);
  }

  /** Begins; the computer is told CONNECT. */
  void start(Modulation modulation) {
    this.modulation = modulation;
    decoder.reset();
    queue.clear();
    nextFrame();
    carrierOn = false;
    lineFreeNs = agent.nowNs() + (hdlc() ? PREAMBLE_NS : training()) / host.faxSpeed();
    if (!hdlc()) {
      carrierOn();
    }
    host.faxConnected();
    timer.arm(hdlc() ? ModemSpec.UNDERRUN_NS : TICK_NS);
  }

  private boolean hdlc() {
    return modulation == Modulation.V21;
  }

  private long training() {
    return modulation.trainingMs() * 1_000_000L;
  }

  private void nextFrame() {
    frameBytes = 0;
    frameTooLong = false;
    ended = false;
    lastDataNs = agent.nowNs();
  }

  /** The carrier of HDLC begins with the first byte: who hears it knows that a frame follows. */
  private void carrierOn() {
    if (!carrierOn) {
      carrierOn = true;
      host.carrier(modulation);
    }
  }

  /** Takes what the computer sends, up to the end of the data; returns how many bytes. */
  int take(MemorySegment from, long offset, int bytes) {
    int taken = 0;
    while (taken < bytes && !ended && queue.room() >= 2) {
      int decoded = decoder.next(from.get(ValueLayout.JAVA_BYTE, offset + taken++) & 0xFF);
      switch (decoded) {
        case DleDecoder.NOTHING -> {}
        case DleDecoder.END -> ended = true;
        case DleDecoder.TWO_DLES -> {
          keep(ModemSpec.DLE);
          keep(ModemSpec.DLE);
        }
        default -> keep(decoded);
      }
    }
    lastDataNs = agent.nowNs();
    if (ended) {
      timer.arm(hdlc() ? onTheLineNs() : 0);
    }
    return taken;
  }

  private void keep(int value) {
    if (!hdlc()) {
      queue.put(value);
      return;
    }
    carrierOn();
    frameTooLong |= frameBytes == Hdlc.FRAME_BYTES_MAX;
    if (!frameTooLong) {
      frame.set(ValueLayout.JAVA_BYTE, frameBytes++, (byte) value);
    }
  }

  /** How long until a frame has left, flags before it included. */
  private long onTheLineNs() {
    if (frameBytes == 0 || frameTooLong) {
      return 0;
    }
    long now = agent.nowNs();
    lineFreeNs = Math.max(lineFreeNs, now) + durationNs(frameBytes + Hdlc.FCS_BYTES + FLAG_BYTES);
    return lineFreeNs - now;
  }

  private long durationNs(long bytes) {
    return bytes * Byte.SIZE * ModemSpec.SECOND_NS / modulation.bitsPerSecond() / host.faxSpeed();
  }

  private void onTimer() {
    if (waiting) {
      done();
    } else if (hdlc()) {
      onFrame();
    } else {
      onTick();
    }
    host.faxProgress();
  }

  private void onFrame() {
    if (!ended) {
      long leftNs = lastDataNs + ModemSpec.UNDERRUN_NS - agent.nowNs();
      if (leftNs > 0) {
        timer.arm(leftNs);
      } else {
        finish(ResultCode.ERROR);
      }
    } else if (frameTooLong) {
      finish(ResultCode.ERROR);
    } else if (frameBytes == 0) {
      finish(ResultCode.OK);
    } else {
      sendFrame();
    }
  }

  private void sendFrame() {
    int fcs = Hdlc.fcs(frame, 0, frameBytes);
    frame.set(ValueLayout.JAVA_BYTE, frameBytes, (byte) fcs);
    frame.set(ValueLayout.JAVA_BYTE, frameBytes + 1L, (byte) (fcs >> Byte.SIZE));
    if (!host.frame(frame, frameBytes + Hdlc.FCS_BYTES)) {
      timer.arm(TICK_NS);
    } else if (frameBytes > 1 && (frame.get(ValueLayout.JAVA_BYTE, 1) & Hdlc.FINAL) == 0) {
      nextFrame();
      timer.arm(ModemSpec.UNDERRUN_NS);
      host.faxConnected();
    } else {
      finish(ResultCode.OK);
    }
  }

  private void onTick() {
    long now = agent.nowNs();
    if (queue.size() == 0 && now >= lineFreeNs) {
      if (ended) {
        finish(ResultCode.OK);
        return;
      }
      if (now - lastDataNs >= ModemSpec.UNDERRUN_NS) {
        finish(ResultCode.ERROR);
        return;
      }
    }
    sendBits(now);
    timer.arm(lineFreeNs > now ? Math.min(TICK_NS, lineFreeNs - now) : TICK_NS);
  }

  private void sendBits(long now) {
    // What was not sent while nothing was there to send is not made up for.
    lineFreeNs = Math.max(lineFreeNs, now - TICK_NS);
    long due = (now - lineFreeNs) * modulation.bitsPerSecond() * host.faxSpeed();
    int bytes = (int) Math.min(queue.contiguous(), due / (Byte.SIZE * ModemSpec.SECOND_NS));
    if (bytes <= 0) {
      return;
    }
    Trunk trunk = host.trunk();
    int sent = trunk == null ? bytes : trunk.bits(queue.memory(), queue.offset(), bytes);
    queue.drop(sent);
    lineFreeNs += durationNs(sent);
  }

  private void finish(ResultCode result) {
    boolean sent = carrierOn && result == ResultCode.OK && host.hears();
    stop();
    if (sent && heard < silences) {
      waiting = true;
      timer.arm(hdlc() ? HEARD_FRAME_NS : HEARD_IMAGE_NS);
    } else {
      host.faxDone(result);
    }
  }

  /** Ends it, for example because the modem hangs up. */
  void stop() {
    timer.cancel();
    queue.clear();
    waiting = false;
    if (carrierOn) {
      carrierOn = false;
      silences++;
      host.silence();
    }
  }
}
