package farslot.fabric;

import farslot.pcie.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The port's own accesses to the card's configuration space, which no guest sees or holds up. */
final class CardAccesses {
  private static final LocalFunction.WriteDone IGNORED = cookie -> {};

  private final AccessTable accesses;
  private final MemorySegment scratch = Arena.ofAuto().allocate(8, 8);

  CardAccesses(AccessTable accesses) {
    this.accesses = accesses;
  }

  void read(int offset, int bytes, LocalFunction.ReadDone done, long cookie) {
    Access access = accesses.take(Access.Kind.READ_CONFIG, false, offset, bytes);
    if (access == null) {
      AccessTable.answerAllOnes(done, cookie, bytes);
      return;
    }
    access.readDone = done;
    access.cookie = cookie;
    accesses.start(access);
  }

  void write(int offset, int value, int bytes, LocalFunction.WriteDone done, long cookie) {
    Access access = accesses.take(Access.Kind.WRITE_CONFIG, false, offset, bytes);
    if (access == null) {
      done.done(cookie);
      return;
    }
    access.writeDone = done;
    access.cookie = cookie;
    LittleEndian.i32(scratch, 0, value);
    MemorySegment.copy(scratch, 0, access.data(), 0, bytes);
    accesses.start(access);
  }

  /** A write whose end nobody waits for. */
  void write(int offset, int value, int bytes) {
    write(offset, value, bytes, IGNORED, 0);
  }
}
