package farslot.carrier;

import farslot.carrier.seal.Opener;
import farslot.carrier.seal.SealFormat;
import farslot.carrier.seal.Sealer;
import farslot.link.RailProtection;
import farslot.linux.PacketsOut;
import farslot.pcie.BigEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Seals what a rail sends and opens what it gets, once keys are agreed on. Packets are sealed to
 * memory of their own, since the session sends its frames again from where they are. On the loop's
 * thread only.
 */
final class EthernetGuard {
  /** Sealed at a time: as much as the interface may be given at once. */
  private static final int SEALED_BYTES = 512 << 10;

  /** Beyond, guessing would begin to make sense (RFC 9001, section 6.6); nobody gets that far. */
  private static final long FORGED_MAX = 1L << 36;

  private static final String CIPHER = "AES-256-GCM";

  private final Agreed agreed;
  private final Sealer sealer;
  private final Opener opener;
  private final EthernetCounters counters;
  private final MemorySegment sealed;
  private final MemorySegment opened;

  /** Packets that came in clear, or for another rail. */
  private long strange;

  EthernetGuard(
      Agreed agreed,
      byte[] ours,
      byte[] theirs,
      int frameBytesMax,
      EthernetCounters counters,
      long nowNs) {
    this.agreed = agreed;
    this.counters = counters;
    sealer = new Sealer(ours, frameBytesMax, Sealer.PACKETS_MAX, nowNs);
    opener = new Opener(theirs, frameBytesMax);
    sealed = Arena.ofAuto().allocate(SEALED_BYTES, 64);
    opened = Arena.ofAuto().allocate(frameBytesMax, 64);
  }

  Agreed agreed() {
    return agreed;
  }

  /** Seals frames of a run into packets, as many as go at once. */
  void gather(MemorySegment segment, long offset, int bytes, PacketsOut out, long nowNs) {
    out.clear();
    int to = 0;
    for (int at = 0; at < bytes && !out.isFull(); ) {
      int frame = EthernetRail.frameBytes(segment, offset + at);
      if (to + frame + SealFormat.SEAL_BYTES > SEALED_BYTES) {
        return;
      }
      int packet = sealer.seal(segment, offset + at, frame, sealed, to, nowNs);
      out.add(sealed, to, packet);
      to += packet + 63 & -64;
      at += frame;
    }
  }

  /** Where {@link #open} puts frames. */
  MemorySegment opened() {
    return opened;
  }

  /** Opens a packet; the frame's length, or a negative number when there is none. */
  int open(MemorySegment from, long at, int available, long nowNs) {
    if (available < SealFormat.SEAL_BYTES
        || BigEndian.u16(from, at) != SealFormat.MAGIC
        || BigEndian.u8(from, at + SealFormat.KIND_AT) != SealFormat.SEALED) {
      strange++;
      counters.droppedInClear++;
      return Opener.DROPPED;
    }
    long replayed = opener.replayed();
    int bytes = opener.open(from, at, available, opened, 0, nowNs);
    if (bytes < 0 && opener.replayed() != replayed) {
      counters.droppedReplayed++;
    } else if (bytes < 0) {
      counters.droppedForged++;
    }
    return bytes;
  }

  /** Whether somebody tries in earnest. */
  boolean besieged() {
    return opener.forged() > FORGED_MAX;
  }

  RailProtection protection() {
    return new RailProtection(
        agreed.peer(),
        CIPHER,
        Math.max(sealer.phase(), opener.phase()),
        strange + opener.malformed() + opener.replayed() + opener.forged());
  }

  /** Forgets the keys. */
  void wipe() {
    sealer.wipe();
    opener.wipe();
  }
}
