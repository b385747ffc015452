package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.endpoint.EndpointOptions;
import farslot.testkit.FakeRootComplex;
import farslot.testkit.GuestMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server with a small driver of its own, and its own idea of where the bits are. */
final class Host {
  static final long RAM = 0x10_0000;
  static final int RAM_BYTES = 24 << 20;
  static final int PAGE = 4096;
  static final long VERSION_1 = 1L << 32;
  static final long INDIRECT = 1L << 28;
  static final long FLUSH = 1L << 9;
  static final long CONFIG_WCE = 1L << 11;

  final FakeRootComplex root;
  final GuestMemory memory;

  /** What stands at the server's end, or null. */
  Guided guide;

  private final long end;
  private long free;
  private final Map<Integer, Queue> queues = new HashMap<>();

  /** A buffer of a chain. */
  record Part(long address, long bytes, boolean writable) {}

  /** What came back. */
  record Used(int head, int bytes) {}

  /** A queue as the driver sees it. */
  final class Queue {
    final int id;
    final int size;
    final long desc;
    final long avail;
    final long used;
    private int nextDescriptor;
    private int available;
    private int seen;

    Queue(int id, int size) {
      this.id = id;
      this.size = size;
      desc = allocate(size * 16);
      avail = allocate(6 + size * 2);
      used = allocate(6 + size * 8);
      for (long at = desc; at < desc + size * 16L; at += 8) {
        memory.putLong(at, 0);
      }
      memory.putBytes(avail, new byte[6 + size * 2]);
      memory.putBytes(used, new byte[6 + size * 8]);
    }

    void descriptor(int index, long address, long bytes, int flags, int next) {
      putDescriptor(desc + 16L * index, address, bytes, flags, next);
    }

    /** A chain of descriptors of the queue's own table; returns its head. */
    int chain(Part... parts) {
      int head = nextDescriptor;
      for (int i = 0; i < parts.length; i++) {
        int index = nextDescriptor;
        nextDescriptor = (nextDescriptor + 1) % size;
        boolean last = i == parts.length - 1;
        int flags = (last ? 0 : 1) | (parts[i].writable ? 2 : 0);
        descriptor(index, parts[i].address, parts[i].bytes, flags, last ? 0 : nextDescriptor);
      }
      return head;
    }

    /** A chain in a table of its own; returns its head. */
    int indirect(Part... parts) {
      long table = allocate(parts.length * 16);
      for (int i = 0; i < parts.length; i++) {
        boolean last = i == parts.length - 1;
        int flags = (last ? 0 : 1) | (parts[i].writable ? 2 : 0);
        putDescriptor(table + 16L * i, parts[i].address, parts[i].bytes, flags, last ? 0 : i + 1);
      }
      int head = nextDescriptor;
      nextDescriptor = (nextDescriptor + 1) % size;
      descriptor(head, table, parts.length * 16L, 4, 0);
      return head;
    }

    /** Puts a chain into the available ring; the index tells the device. */
    void offer(int head) {
      putShort(avail + 4 + 2L * (available % size), head);
      available = available + 1 & 0xFFFF;
      putShort(avail + 2, available);
    }

    void ring() {
      reg(0x3000 + 4 * id, 2, id);
    }

    /** Notifies, but runs nothing. */
    void post() {
      Host.this.post(0x3000 + 4 * id, 2, id);
    }

    /** The next chain that came back, or null. */
    Used take() {
      if (seen == getShort(used + 2)) {
        return null;
      }
      long at = used + 4 + 8L * (seen % size);
      seen = seen + 1 & 0xFFFF;
      return new Used(memory.getInt(at), memory.getInt(at + 4));
    }

    int usedIndex() {
      return getShort(used + 2);
    }
  }

  /** Makes a card on this store, plugs it in, enumerates, and enables MSI-X. */
  Host(BlockStore store, Map<String, ?> settings, long seed) {
    this(new FakeRootComplex(card(settings, store), EndpointOptions.DEFAULT, seed), RAM, RAM_BYTES);
    memory.map(RAM, RAM_BYTES);
    root.enumerate();
    root.enableMsix();
  }

  Host(BlockStore store) {
    this(store, Map.of(), 1);
  }

  /** A driver for a card that is enumerated, with so much memory of its own. */
  Host(FakeRootComplex root, long memoryAt, int memoryBytes) {
    this.root = root;
    memory = root.memory();
    free = memoryAt;
    end = memoryAt + memoryBytes;
  }

  static VirtioBlkFunction card(Map<String, ?> settings, BlockStore store) {
    Map<String, Object> values = new HashMap<>(settings);
    values.putIfAbsent("queues", 4);
    values.putIfAbsent("queue-size", 64);
    values.putIfAbsent("serial", "TEST0001");
    try {
      return new VirtioBlkFunction(
          VirtioConfig.read(new CardConfig("slots[0]", values), config -> store));
    } catch (CardConfigException e) {
      throw new AssertionError(e);
    }
  }

  /** A card that is enumerated, with memory, and without MSI-X. */
  static FakeRootComplex levelRoot(BlockStore store) {
    FakeRootComplex root = new FakeRootComplex(card(Map.of(), store));
    root.memory().map(RAM, RAM_BYTES);
    root.enumerate();
    return root;
  }

  // ---- memory

  /** Fresh memory, page aligned. */
  long allocate(int bytes) {
    long at = free;
    free += (bytes + PAGE - 1) / PAGE * PAGE;
    assertThat(free).as("the server's memory").isLessThanOrEqualTo(end);
    return at;
  }

  void putDescriptor(long at, long address, long bytes, int flags, int next) {
    memory.putLong(at, address);
    memory.putInt(at + 8, (int) bytes);
    memory.putInt(at + 12, next << 16 | flags);
  }

  void putShort(long at, int value) {
    memory.putBytes(at, new byte[] {(byte) value, (byte) (value >> 8)});
  }

  int getShort(long at) {
    byte[] bytes = memory.getBytes(at, 2);
    return bytes[0] & 0xFF | (bytes[1] & 0xFF) << 8;
  }

  // ---- registers

  int reg(int offset, int bytes) {
    return (int) root.read(0, offset, bytes);
  }

  void reg(int offset, int bytes, long value) {
    post(offset, bytes, value);
    root.run();
  }

  /** Writes a register and runs nothing; the guide, if there is one, sees it first. */
  void post(int offset, int bytes, long value) {
    if (guide != null) {
      guide.onWrite(offset, bytes, value);
    }
    root.post(0, offset, bytes, value);
  }

  int status() {
    return reg(0x14, 1);
  }

  boolean needsReset() {
    return (status() & 64) != 0;
  }

  long offered() {
    reg(0, 4, 0);
    long low = reg(4, 4) & 0xFFFF_FFFFL;
    reg(0, 4, 1);
    return low | (long) reg(4, 4) << 32;
  }

  void accept(long features) {
    reg(8, 4, 0);
    reg(12, 4, features & 0xFFFF_FFFFL);
    reg(8, 4, 1);
    reg(12, 4, features >>> 32);
  }

  /** 3.1.1, up to FEATURES_OK. */
  Host begin(long features) {
    queues.clear();
    reg(0x14, 1, 0);
    assertThat(status()).as("status after a reset").isZero();
    reg(0x14, 1, 1);
    reg(0x14, 1, 3);
    accept(features);
    reg(0x14, 1, 11);
    assertThat(status()).isEqualTo(11);
    return this;
  }

  /** Sets a queue up, with this interrupt vector. */
  Queue queue(int id, int size, int vector) {
    Queue queue = new Queue(id, size);
    reg(0x16, 2, id);
    reg(0x18, 2, size);
    reg(0x1A, 2, vector);
    assertThat(reg(0x1E, 2)).isEqualTo(id);
    address(0x20, queue.desc);
    address(0x28, queue.avail);
    address(0x30, queue.used);
    reg(0x1C, 2, 1);
    assertThat(reg(0x1C, 2)).isEqualTo(1);
    queues.put(id, queue);
    return queue;
  }

  private void address(int at, long value) {
    reg(at, 4, value & 0xFFFF_FFFFL);
    reg(at + 4, 4, value >>> 32);
  }

  Host ready() {
    reg(0x10, 2, 0);
    reg(0x14, 1, 15);
    assertThat(status()).isEqualTo(15);
    return this;
  }

  /** All of it, with one queue of 16 and interrupts on vector 1. */
  Queue start(long features) {
    begin(features | VERSION_1);
    Queue queue = queue(0, 16, 1);
    ready();
    return queue;
  }

  Queue start() {
    return start(INDIRECT | FLUSH);
  }

  // ---- requests

  /** A header in fresh memory. */
  Part header(int type, long sector) {
    long at = allocate(16);
    memory.putInt(at, type);
    memory.putInt(at + 4, 0);
    memory.putLong(at + 8, sector);
    return new Part(at, 16, false);
  }

  /** A status byte that nobody has written. */
  Part status(int unused) {
    long at = allocate(1);
    memory.putBytes(at, new byte[] {(byte) unused});
    return new Part(at, 1, true);
  }

  static Part out(long address, long bytes) {
    return new Part(address, bytes, false);
  }

  static Part in(long address, long bytes) {
    return new Part(address, bytes, true);
  }

  /** Does one request and returns its status; {@code data} go between header and status. */
  int run(Queue queue, int type, long sector, Part... data) {
    List<Part> parts = new ArrayList<>(List.of(data));
    parts.addFirst(header(type, sector));
    Part status = status(0xEE);
    parts.add(status);
    queue.offer(queue.indirect(parts.toArray(Part[]::new)));
    queue.ring();
    assertThat(queue.take()).as("request of type " + type).isNotNull();
    return memory.getBytes(status.address, 1)[0];
  }

  byte[] bytes(Part part) {
    return memory.getBytes(part.address, (int) part.bytes);
  }
}
