package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Cns;
import farslot.cards.nvme.spec.Cqe;
import farslot.cards.nvme.spec.IdentifyController;
import farslot.cards.nvme.spec.Opcode;
import farslot.cards.nvme.spec.Sqe;
import farslot.function.MirrorPort;
import farslot.pcie.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Completion queues in a mirror: each new entry there is stored in the server's memory, behind the
 * data that its command has brought.
 */
final class MirroredCompletions {
  private static final int PAGE_BYTES = 4096;
  private static final int PHASE = 1;

  private final MirrorPort port;
  private final MirrorEyes eyes;
  private final Namespaces namespaces;
  private final long[] bases = new long[GuideLimits.QUEUE_ID_MAX + 1];
  private final int[] sizes = new int[GuideLimits.QUEUE_ID_MAX + 1];
  private final int[] heads = new int[GuideLimits.QUEUE_ID_MAX + 1];
  private final int[] phases = new int[GuideLimits.QUEUE_ID_MAX + 1];
  private int last = -1;

  MirroredCompletions(MirrorPort port, MirrorEyes eyes, Namespaces namespaces) {
    this.port = port;
    this.eyes = eyes;
    this.namespaces = namespaces;
  }

  void close() {
    Arrays.fill(sizes, 0);
    last = -1;
  }

  /** False if the mirror does not reach that far. */
  boolean open(int id, long base, int entries) {
    long bytes = (long) entries * Cqe.BYTES;
    if (!eyes.holds(base, bytes)) {
      return false;
    }
    // As the driver has cleared its own: what is there is no completion.
    port.memory().asSlice(base, bytes).fill((byte) 0);
    bases[id] = base;
    sizes[id] = entries;
    heads[id] = 0;
    phases[id] = PHASE;
    last = Math.max(last, id);
    return true;
  }

  /** Stores what is new; false if there was more than there is room for. */
  boolean look(MirroredSubmissions submissions) {
    for (int id = 0; id <= last; id++) {
      while (sizes[id] != 0) {
        long at = bases[id] + (long) heads[id] * Cqe.BYTES;
        if ((LittleEndian.u16(port.memory(), at + Cqe.STATUS) & PHASE) != phases[id]) {
          break;
        }
        // The entry says that it is there before all of it, and its data, need be seen here.
        VarHandle.acquireFence();
        if (!port.hasRoom()) {
          return false;
        }
        store(id, at, submissions);
        heads[id] = heads[id] + 1 == sizes[id] ? 0 : heads[id] + 1;
        phases[id] ^= heads[id] == 0 ? PHASE : 0;
      }
    }
    return true;
  }

  private void store(int id, long at, MirroredSubmissions submissions) {
    MemorySegment memory = port.memory();
    int queue = LittleEndian.u16(memory, at + Cqe.SQID);
    int cid = LittleEndian.u16(memory, at + Cqe.CID);
    MirroredCommand command = submissions.completed(queue, cid);
    if (command != null) {
      boolean ok = LittleEndian.u16(memory, at + Cqe.STATUS) >> 1 == 0;
      if (ok && !command.toController) {
        storeData(command);
      }
      submissions.release(command);
    }
    port.store(at, Cqe.BYTES);
    if (id == 0) {
      namespaces.onCardWrite(at, memory, at, Cqe.BYTES);
    }
  }

  private void storeData(MirroredCommand command) {
    boolean identify = command.queue == 0 && command.opcode == Opcode.IDENTIFY;
    if (identify) {
      hideDoorbellBuffers(command);
    }
    for (int i = 0; i < command.ranges(); i++) {
      long from = command.rangeAddress(i);
      int bytes = command.rangeBytes(i);
      port.store(from, bytes);
      for (int done = 0; identify && done < bytes; ) {
        int piece = Math.min(bytes - done, PAGE_BYTES - (int) (from + done & PAGE_BYTES - 1));
        namespaces.onCardWrite(from + done, port.memory(), from + done, piece);
        done += piece;
      }
    }
  }

  /** A driver that is offered doorbells in memory would ring where nobody hears it. */
  private void hideDoorbellBuffers(MirroredCommand command) {
    boolean controller =
        (LittleEndian.i32(command.sqe, Sqe.CDW10) & 0xFF) == Cns.CONTROLLER
            && command.ranges() > 0
            && command.rangeBytes(0) > IdentifyController.OACS + 1;
    if (controller) {
      long at = command.rangeAddress(0) + IdentifyController.OACS;
      int offered = LittleEndian.u16(port.memory(), at);
      LittleEndian.u16(
          port.memory(), at, offered & ~IdentifyController.OACS_DOORBELL_BUFFER_CONFIG);
    }
  }
}
