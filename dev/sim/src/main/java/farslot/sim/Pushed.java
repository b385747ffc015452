package farslot.sim;

import farslot.pcie.TlpOut;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfLong;
import java.nio.ByteOrder;

/**
 * Memory that a driver sends along, numbered: each push says how many there were before it, how
 * many posted writes, and how often all was taken back. Made at one end of a stream, held against
 * the rules at the other.
 */
final class Pushed {
  static final int BYTES_MIN = 32;
  private static final int PAGE_BYTES = 4096;
  private static final OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private final World world;
  private final String who;
  private final long epoch;
  private int pushes;
  private int revokes;
  private boolean pushedSince;

  Pushed(World world, String who, long epoch) {
    this.world = world;
    this.who = who;
    this.epoch = epoch;
  }

  /**
   * Pushes, if the link takes it now.
   *
   * @param bytes at least {@link #BYTES_MIN}, at most a page, a multiple of 8
   * @param posted writes that were sent before
   */
  void send(TlpOut out, int bytes, int posted) {
    long address = ((long) pushes + 1) * 2 * PAGE_BYTES - bytes;
    long at = out.claimPush(address, bytes, true);
    if (at < 0) {
      return;
    }
    MemorySegment to = out.segment();
    to.set(U64, at, epoch);
    to.set(U64, at + 8, pushes);
    to.set(U64, at + 16, posted);
    to.set(U64, at + 24, revokes);
    for (int i = BYTES_MIN; i < bytes; i += 8) {
      to.set(U64, at + i, Message.pattern(epoch, pushes, i));
    }
    out.commit();
    pushes++;
    pushedSince = true;
  }

  /** Takes all of it back. */
  void revoke(TlpOut out) {
    out.revoke();
    revokes += pushedSince ? 1 : 0;
    pushedSince = false;
  }

  /**
   * One has come.
   *
   * @param posted writes that have come before
   */
  void received(long address, MemorySegment from, long at, int bytes, int posted) {
    require(Rule.ONE_OWNER, "epoch", from.get(U64, at), epoch);
    require(Rule.POSTED_ONCE, "number", from.get(U64, at + 8), pushes);
    require(Rule.NOT_PASSED, "posted writes before it", from.get(U64, at + 16), posted);
    require(Rule.FENCED, "revokes before it", from.get(U64, at + 24), revokes);
    long expected = ((long) pushes + 1) * 2 * PAGE_BYTES - bytes;
    require(Rule.BYTES_INTACT, "address", address, expected);
    for (int i = BYTES_MIN; i < bytes; i += 8) {
      long word = Message.pattern(epoch, pushes, i);
      require(Rule.BYTES_INTACT, "bytes", from.get(U64, at + i), word);
    }
    pushes++;
  }

  /** All was taken back. */
  void revoked() {
    revokes++;
  }

  private void require(Rule rule, String what, long said, long is) {
    world.judge.require(
        said == is, rule, "%s: push %d: %s: said %d, is %d", who, pushes, what, said, is);
  }
}
