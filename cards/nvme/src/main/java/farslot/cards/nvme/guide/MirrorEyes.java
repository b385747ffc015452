package farslot.cards.nvme.guide;

import farslot.function.GuidePort;
import java.lang.foreign.MemorySegment;

/**
 * The mirror as one command's walk sees it: lists that have been fetched can be read, the first
 * that has not is remembered; data that is named becomes the command's ranges.
 */
final class MirrorEyes implements GuidePort {
  private final MemorySegment memory;
  private MirroredCommand command;
  private boolean missing;
  private boolean tooMany;
  private long missingAddress;
  private int missingBytes;

  MirrorEyes(MemorySegment memory) {
    this.memory = memory;
  }

  void look(MirroredCommand at) {
    command = at;
    command.forgetRanges();
    missing = false;
    tooMany = false;
  }

  boolean isMissing() {
    return missing;
  }

  boolean tooMany() {
    return tooMany;
  }

  long missingAddress() {
    return missingAddress;
  }

  int missingBytes() {
    return missingBytes;
  }

  boolean holds(long address, long bytes) {
    return address >= 0 && bytes >= 0 && address <= memory.byteSize() - bytes;
  }

  @Override
  public boolean read(long address, MemorySegment to, long offset, int bytes) {
    if (command.hasList(address, bytes)) {
      MemorySegment.copy(memory, address, to, offset, bytes);
      return true;
    }
    missing = holds(address, bytes);
    missingAddress = address;
    missingBytes = bytes;
    return false;
  }

  @Override
  public void leave(long address, int bytes) {
    tooMany |= !holds(address, bytes) || !command.addRange(address, bytes);
  }

  @Override
  public int configDw(int offset) {
    return 0;
  }

  @Override
  public void push(long address, int bytes, boolean steady) {
    // What is read is fetched when it is missing.
  }

  @Override
  public void watch(boolean on) {
    // All that the device writes is shown, whenever it is found.
  }

  @Override
  public void leaveAll() {
    // Nothing here is older than its command.
  }
}
