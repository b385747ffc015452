package farslot.carrier;

import farslot.carrier.seal.HandshakeStream;
import farslot.carrier.seal.SealFormat;
import farslot.linux.EventLoop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;

/**
 * Agrees on a rail's keys over the rail's own packets: TLS 1.3's handshake in KEYS packets
 * (docs/spec/pcieoe.md, section 10.5). On the loop's thread only.
 */
final class EthernetKeys {
  /** For the whole handshake, at either end. */
  static final long TIMEOUT_NS = 3_000_000_000L;

  /** Who has the rail. */
  interface Holder {
    void sendKeys(MemorySegment packet, int bytes);

    /** From now on packets can be sealed; the peer may not know yet. */
    void onAgreed(Agreed agreed, byte[] ours, byte[] theirs);

    void onNoKeys(String cause);
  }

  private final EventLoop loop;
  private final Holder holder;
  private final boolean dials;
  private final long attempt;
  private final HandshakeStream stream;
  private final EventLoop.Timer timer;
  private final long endNs;
  private final MemorySegment packet =
      Arena.ofAuto().allocate(SealFormat.BYTES_AT + SealFormat.SEGMENT_BYTES_MAX);
  private final KeyAgreement keys;
  private boolean told;
  private boolean over;

  /**
   * Begins; the end that dials sends the first packet once {@link #go} is called.
   *
   * @param attempt drawn at random by the end that dials
   */
  EthernetKeys(EventLoop loop, RailSecurity security, boolean dials, long attempt, Holder holder)
      throws SSLException {
    this.loop = loop;
    this.holder = holder;
    this.dials = dials;
    this.attempt = attempt;
    stream = new HandshakeStream(attempt, !dials);
    timer = loop.timer(this::go);
    endNs = loop.nowNs() + TIMEOUT_NS;
    keys =
        new KeyAgreement(
            security, dials, work -> Thread.ofVirtual().start(work), loop::execute, this::go);
  }

  /** A KEYS packet has come; false if it is none of this handshake's. */
  boolean onPacket(MemorySegment from, long at, int available) {
    if (over || keys.working() || !HandshakeStream.check(from, at, available, dials)) {
      return !over && keys.working();
    }
    if (!stream.take(from, at, keys.in())) {
      return false;
    }
    if (keys.state() == KeyAgreement.State.GOING) {
      keys.advance();
    } else if (!told) {
      keys.lookForAlert();
    }
    go();
    return true;
  }

  /** Sends what there is to send, and looks what has come of it. */
  void go() {
    if (over || keys.working()) {
      armed();
      return;
    }
    long nowNs = loop.nowNs();
    if (keys.hasOutgoing()) {
      ByteBuffer out = keys.outgoing();
      boolean fits = stream.offer(out);
      keys.sent();
      if (!fits) {
        fail("the handshake is too long");
        return;
      }
    }
    for (int bytes; (bytes = stream.write(packet, 0, nowNs)) > 0; ) {
      holder.sendKeys(packet, bytes);
    }
    if (keys.state() == KeyAgreement.State.FAILED) {
      fail(keys.cause());
    } else if (keys.state() == KeyAgreement.State.AGREED && !told && (!dials || stream.idle())) {
      tell();
    } else if (nowNs >= endNs) {
      // What is left to be acknowledged after that is of no importance.
      if (told) {
        end();
      } else {
        fail("no keys were agreed on in " + TIMEOUT_NS / 1_000_000 + " ms");
      }
      return;
    }
    armed();
  }

  private void armed() {
    if (!over) {
      long nowNs = loop.nowNs();
      long dueNs = keys.working() ? endNs : Math.min(stream.deadlineNs(), endNs);
      timer.arm(keys.working() && nowNs >= endNs ? TIMEOUT_NS : Math.max(0, dueNs - nowNs));
    }
  }

  private void tell() {
    told = true;
    Agreed agreed = keys.agreed();
    byte[] all = null;
    try {
      byte[] context = ByteBuffer.allocate(Long.BYTES).putLong(attempt).array();
      all =
          ((ExtendedSSLSession) agreed.engine().getSession())
              .exportKeyingMaterialData(
                  SealFormat.EXPORTER_LABEL, context, 2 * SealFormat.SECRET_BYTES);
    } catch (SSLException e) {
      fail("TLS gives no keys: " + e.getMessage());
      return;
    }
    byte[] up = Arrays.copyOf(all, SealFormat.SECRET_BYTES);
    byte[] down = Arrays.copyOfRange(all, SealFormat.SECRET_BYTES, 2 * SealFormat.SECRET_BYTES);
    Arrays.fill(all, (byte) 0);
    holder.onAgreed(agreed, dials ? up : down, dials ? down : up);
  }

  private void fail(String cause) {
    if (!over) {
      end();
      holder.onNoKeys(cause);
    }
  }

  /** Nothing more is to be done: both ends have the keys, or the rail has ended. */
  void end() {
    over = true;
    timer.cancel();
  }
}
