package farslot.cards.nvme;

import java.util.Random;

/**
 * Pushes what an honest guess says that the card will read: new entries, PRPs' pages and lists. Now
 * and then it leaves something out, or pushes what nobody will ever read.
 */
final class TestGuide {
  private static final int PAGE = 4096;
  private static final int WRITE = 1;
  private static final int COMPARE = 5;
  private static final int PAGES_MAX = 40;

  private final Host host;
  private final Random random;
  private final int blockBytes;

  /** One of so many is left out. */
  private final int oneIn;

  TestGuide(Host host, long seed, int blockBytes, int oneIn) {
    this.host = host;
    this.random = new Random(seed);
    this.blockBytes = blockBytes;
    this.oneIn = oneIn;
  }

  void beforeRing(Host.Queue queue) {
    // What cannot be pushed is not given to the card from an older push: the contract of guides.
    host.root.revoke();
    for (; queue.guided != queue.tail; queue.guided = (queue.guided + 1) % queue.sqSize) {
      long entry = queue.sq + queue.guided * 64L;
      push(entry, 64);
      int opcode = host.memory.getInt(entry) & 0xFF;
      if (queue.id != 0 && (opcode == WRITE || opcode == COMPARE)) {
        int blocks = (host.memory.getInt(entry + 48) & 0xFFFF) + 1;
        data(host.memory.getLong(entry + 24), host.memory.getLong(entry + 32), blocks * blockBytes);
      }
    }
  }

  private void data(long prp1, long prp2, int bytes) {
    int first = Math.min(bytes, PAGE - ((int) prp1 & PAGE - 1));
    push(prp1, first);
    int left = bytes - first;
    if (left <= PAGE) {
      push(prp2, left);
      return;
    }
    int pages = (left + PAGE - 1) / PAGE;
    push(prp2, pages * 8);
    for (int i = 0; i < Math.min(pages, PAGES_MAX) && mapped(prp2, pages * 8); i++) {
      push(host.memory.getLong(prp2 + i * 8L), Math.min(PAGE, left - i * PAGE));
    }
  }

  private void push(long address, int bytes) {
    if (bytes > 0 && mapped(address, bytes) && random.nextInt(oneIn) != 0) {
      host.root.push(address, bytes, true);
    }
  }

  private static boolean mapped(long address, int bytes) {
    long at = address - Host.RAM;
    return at >= 0 && at < Host.RAM_BYTES && at + bytes <= Host.RAM_BYTES;
  }
}
