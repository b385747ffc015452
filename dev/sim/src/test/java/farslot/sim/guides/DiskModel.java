package farslot.sim.guides;

import java.util.Arrays;

/**
 * What must be on the disk. Of a command that was cut short nobody can say whether it was carried
 * out: each of its blocks holds the old bytes or the new ones, and never anything else.
 */
final class DiskModel {
  static final int BLOCK = 512;

  final byte[] bytes = new byte[GuidedRig.DISK_BYTES];
  private final byte[] other = new byte[GuidedRig.DISK_BYTES];
  private final boolean[] unsure = new boolean[GuidedRig.DISK_BYTES / BLOCK];

  /** Blocks that hold one of two things since a command was cut short; not to be compared. */
  private final boolean[] chance = new boolean[GuidedRig.DISK_BYTES / BLOCK];

  void written(int block, byte[] data) {
    System.arraycopy(data, 0, bytes, block * BLOCK, data.length);
    Arrays.fill(chance, block, block + data.length / BLOCK, false);
  }

  void maybeWritten(int block, byte[] data) {
    System.arraycopy(data, 0, other, block * BLOCK, data.length);
    Arrays.fill(unsure, block, block + data.length / BLOCK, true);
    Arrays.fill(chance, block, block + data.length / BLOCK, true);
  }

  /** All is quiet: what is there is what it is, as long as it is one of the two. */
  void settle(byte[] disk) {
    for (int i = 0; i < unsure.length; i++) {
      if (unsure[i]) {
        int at = i * BLOCK;
        boolean isOld = Arrays.equals(disk, at, at + BLOCK, bytes, at, at + BLOCK);
        boolean isNew = Arrays.equals(disk, at, at + BLOCK, other, at, at + BLOCK);
        if (!isOld && !isNew) {
          throw new AssertionError("block " + i + " holds neither the old nor the new bytes");
        }
        System.arraycopy(disk, at, bytes, at, BLOCK);
        unsure[i] = false;
      }
    }
    int wrong = Arrays.mismatch(disk, bytes);
    if (wrong >= 0) {
      throw new AssertionError("block " + wrong / BLOCK + " is not as it was written");
    }
  }

  /** The disk's bytes, without what chance has decided. */
  byte[] comparable() {
    byte[] all = bytes.clone();
    for (int i = 0; i < chance.length; i++) {
      if (chance[i]) {
        Arrays.fill(all, i * BLOCK, (i + 1) * BLOCK, (byte) 0);
      }
    }
    return all;
  }
}
