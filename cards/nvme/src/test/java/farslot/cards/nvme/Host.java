package farslot.cards.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.endpoint.EndpointOptions;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.GuestMemory;
import farslot.testkit.TestStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server with a small driver of its own, and its own idea of where the bits are. */
final class Host {
  static final long RAM = 0x10_0000;
  static final int RAM_BYTES = 48 << 20;
  static final int PAGE = 4096;

  final FakeRootComplex root;
  final GuestMemory memory;
  final List<TestStore> stores;
  final NvmeFunction card;
  private final long end;
  private long free;
  private final Map<Integer, Queue> queues = new HashMap<>();
  private int nextCid;

  /** Sends along what the card will read, if there is one. */
  TestGuide guide;

  /** What a completion says. */
  record Completion(int cid, int status, int dw0, int sqhd, int sqid) {
    /** SCT and SC. */
    int code() {
      return status & 0x7FF;
    }
  }

  /** A queue pair as the server sees it. */
  static final class Queue {
    final int id;
    final long sq;
    final long cq;
    final int sqSize;
    final int cqSize;
    int tail;
    int head;

    /** Up to here the guide has seen entries. */
    int guided;

    int phase = 1;

    Queue(int id, long sq, int sqSize, long cq, int cqSize) {
      this.id = id;
      this.sq = sq;
      this.cq = cq;
      this.sqSize = sqSize;
      this.cqSize = cqSize;
    }
  }

  /** Makes a card with these stores as namespaces, plugs it in and enumerates. */
  Host(TestStore... stores) {
    this(Map.of(), 1, stores);
  }

  Host(Map<String, ?> settings, long seed, TestStore... stores) {
    this.stores = List.of(stores);
    card = card(settings, stores);
    root = new FakeRootComplex(card, EndpointOptions.DEFAULT, seed);
    memory = root.memory();
    memory.map(RAM, RAM_BYTES);
    free = RAM;
    end = RAM + RAM_BYTES;
    root.enumerate();
    root.enableMsix();
  }

  /** A driver for a card that is enumerated, with so much memory of its own. */
  Host(FakeRootComplex root, long memoryAt, int memoryBytes) {
    this.stores = List.of();
    this.card = null;
    this.root = root;
    memory = root.memory();
    free = memoryAt;
    end = memoryAt + memoryBytes;
  }

  static NvmeFunction card(Map<String, ?> settings, BlockStore... stores) {
    List<Map<String, Object>> namespaces = new ArrayList<>();
    for (BlockStore store : stores) {
      namespaces.add(new HashMap<>(Map.of("test", namespaces.size())));
      Object blockSize = settings.get("block-size");
      if (blockSize != null) {
        namespaces.getLast().put("block-size", blockSize);
      }
    }
    Map<String, Object> values = new HashMap<>(settings);
    values.remove("block-size");
    values.putIfAbsent("serial", "TEST0001");
    values.putIfAbsent("queues", 8);
    values.put("namespaces", namespaces);
    try {
      return new NvmeFunction(
          NvmeConfig.read(new CardConfig("slots[0]", values), config -> stores[number(config)]));
    } catch (CardConfigException e) {
      throw new AssertionError(e);
    }
  }

  private static int number(CardConfig config) throws CardConfigException {
    return (int) config.number("test", 0, 0, 1000);
  }

  // ---- memory and registers

  /** Fresh memory, page aligned. */
  long allocate(int bytes) {
    long at = free;
    free += (bytes + PAGE - 1) / PAGE * PAGE;
    assertThat(free).as("the server's memory").isLessThanOrEqualTo(end);
    return at;
  }

  int reg(int offset) {
    return (int) root.read(0, offset, 4);
  }

  void reg(int offset, int value) {
    root.write(0, offset, 4, value);
  }

  boolean ready() {
    return (reg(0x1C) & 1) != 0;
  }

  boolean fatal() {
    return (reg(0x1C) & 2) != 0;
  }

  /** Admin queues of 64 and 64 entries, and CC.EN. */
  Host enable() {
    return enable(64, 64);
  }

  Host enable(int sqSize, int cqSize) {
    queues.clear();
    Queue admin = new Queue(0, allocate(sqSize * 64), sqSize, allocate(cqSize * 16), cqSize);
    clear(admin);
    queues.put(0, admin);
    reg(0x24, cqSize - 1 << 16 | sqSize - 1);
    root.write(0, 0x28, 8, admin.sq);
    root.write(0, 0x30, 8, admin.cq);
    reg(0x14, 4 << 20 | 6 << 16 | 1);
    return this;
  }

  void disable() {
    reg(0x14, reg(0x14) & ~1);
  }

  private void clear(Queue queue) {
    memory.putBytes(queue.cq, new byte[queue.cqSize * 16]);
  }

  // ---- queues

  /** Creates a queue pair with interrupts on its own vector. */
  Host pair(int id, int size) {
    return pair(id, size, size, id);
  }

  Host pair(int id, int sqSize, int cqSize, int vector) {
    Queue queue = new Queue(id, allocate(sqSize * 64), sqSize, allocate(cqSize * 16), cqSize);
    clear(queue);
    assertThat(admin(0x05, 0, queue.cq, cqSize - 1 << 16 | id, vector << 16 | 3).status).isZero();
    assertThat(admin(0x01, 0, queue.sq, sqSize - 1 << 16 | id, id << 16 | 1).status).isZero();
    queues.put(id, queue);
    return this;
  }

  Queue queue(int id) {
    return queues.get(id);
  }

  /** Puts an entry into the queue without ringing. Returns its identifier. */
  int put(int id, Entry entry) {
    Queue queue = queues.get(id);
    int cid = nextCid++ & 0xFFFF;
    entry.write(memory, queue.sq + queue.tail * 64L, cid);
    queue.tail = (queue.tail + 1) % queue.sqSize;
    return cid;
  }

  void ring(int id) {
    if (guide != null) {
      guide.beforeRing(queues.get(id));
    }
    root.write(0, 0x1000 + id * 8, 4, queues.get(id).tail);
  }

  /** Takes one completion, or null; rings the head. */
  Completion take(int id) {
    Completion completion = peek(id);
    if (completion != null) {
      Queue queue = queues.get(id);
      queue.head++;
      if (queue.head == queue.cqSize) {
        queue.head = 0;
        queue.phase ^= 1;
      }
      root.write(0, 0x1000 + id * 8 + 4, 4, queue.head);
    }
    return completion;
  }

  /** The next completion without taking it, or null. */
  Completion peek(int id) {
    Queue queue = queues.get(id);
    long at = queue.cq + queue.head * 16L;
    int dw3 = memory.getInt(at + 12);
    if ((dw3 >>> 16 & 1) != queue.phase) {
      return null;
    }
    int dw2 = memory.getInt(at + 8);
    return new Completion(dw3 & 0xFFFF, dw3 >>> 17, memory.getInt(at), dw2 & 0xFFFF, dw2 >>> 16);
  }

  /** Submits one entry, and takes its completion, which must be the next. */
  Completion run(int id, Entry entry) {
    int cid = put(id, entry);
    ring(id);
    Completion completion = take(id);
    assertThat(completion).as("completion of command " + cid).isNotNull();
    assertThat(completion.cid).isEqualTo(cid);
    assertThat(completion.sqid).isEqualTo(id);
    return completion;
  }

  Completion admin(int opcode, int nsid, long prp1, int cdw10, int cdw11) {
    return run(0, new Entry(opcode).nsid(nsid).prp(prp1, 0).cdw(10, cdw10).cdw(11, cdw11));
  }

  /** Identify into fresh memory. */
  byte[] identify(int cns, int nsid) {
    long page = allocate(PAGE);
    assertThat(admin(0x06, nsid, page, cns, 0).status).isZero();
    return memory.getBytes(page, PAGE);
  }

  /** An entry for a read or write of contiguous pages. */
  Entry io(int opcode, int nsid, long lba, int blocks, long buffer, int bytes) {
    Entry entry = new Entry(opcode).nsid(nsid).lba(lba, blocks);
    if (bytes <= PAGE) {
      return entry.prp(buffer, 0);
    }
    if (bytes <= 2 * PAGE) {
      return entry.prp(buffer, buffer + PAGE);
    }
    int pages = (bytes - 1) / PAGE;
    long list = allocate(pages * 8);
    for (int i = 0; i < pages; i++) {
      memory.putLong(list + i * 8L, buffer + (i + 1L) * PAGE);
    }
    return entry.prp(buffer, list);
  }

  /** A submission entry being filled in. */
  static final class Entry {
    private final int[] dwords = new int[16];

    Entry(int opcode) {
      dwords[0] = opcode;
    }

    Entry nsid(int nsid) {
      dwords[1] = nsid;
      return this;
    }

    Entry flags(int flags) {
      dwords[0] |= flags << 8;
      return this;
    }

    Entry prp(long prp1, long prp2) {
      dwords[6] = (int) prp1;
      dwords[7] = (int) (prp1 >>> 32);
      dwords[8] = (int) prp2;
      dwords[9] = (int) (prp2 >>> 32);
      return this;
    }

    /** SGL1, with PSDT 01b. */
    Entry sgl(int type, long address, int bytes) {
      dwords[0] |= 0x4000;
      return prp(address, bytes & 0xFFFF_FFFFL | (long) type << 60);
    }

    Entry lba(long lba, int blocks) {
      dwords[10] = (int) lba;
      dwords[11] = (int) (lba >>> 32);
      dwords[12] |= blocks - 1;
      return this;
    }

    Entry cdw(int index, int value) {
      dwords[index] |= value;
      return this;
    }

    void write(GuestMemory memory, long at, int cid) {
      for (int i = 0; i < 16; i++) {
        memory.putInt(at + i * 4L, i == 0 ? dwords[0] | cid << 16 : dwords[i]);
      }
    }
  }
}
