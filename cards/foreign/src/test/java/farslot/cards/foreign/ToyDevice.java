package farslot.cards.foreign;

import farslot.function.Agent;
import farslot.function.Card;
import farslot.function.CardSlot;
import farslot.function.ForeignDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A device as a server may have one, that does everything a little later: 48 KiB of memory behind
 * registers with a DMA engine in BAR 0, an I/O BAR 2, the MSI-X table in BAR 4 and its PBA in BAR
 * 5, MSI, and INTx as VFIO knows it, told once and then masked.
 *
 * <p>BAR 0: 20h address, 28h offset, 2Ch bytes, 30h command (1 from, 2 to the server), 34h status
 * (1 busy, 2 good, 3 bad), 40h vector, 44h signal, 48h lower INTx, 4000h memory.
 */
final class ToyDevice implements ForeignDevice {
  static final int MEMORY = 0x4000;
  private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;

  final MemorySegment[] bars = new MemorySegment[6];
  final MemorySegment config = Arena.ofAuto().allocate(256, 8);
  final List<Long> regionBytes =
      new ArrayList<>(List.of(0x10000L, 0L, 0x40L, 0L, 0x90L, 0x8L, 0L, 256L, 0L));
  final List<String> told = new ArrayList<>();
  String dismissed;
  boolean deaf;
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final Runnable work = this::work;
  private Agent agent;
  private Presence presence;
  private Access access;
  private int kind = -1;
  private int vectors;
  private boolean pin;
  private boolean masked;
  private boolean reading;

  ToyDevice() {
    for (int bar = 0; bar < 6; bar++) {
      bars[bar] = Arena.ofAuto().allocate(0x10000, 8);
    }
    config.set(U32, 0x00, 0x0001_F0F0);
    config.set(U32, 0x04, 0x0010_0000);
    config.set(U32, 0x08, 0xFF0000_07);
    config.set(U32, 0x18, 1);
    config.set(U32, 0x2C, 0x0002_0003);
    config.set(U32, 0x34, 0x40);
    config.set(U32, 0x3C, 0x0100);
    config.set(U32, 0x40, 0x0008_5011); // MSI-X, 9 vectors
    config.set(U32, 0x44, 4);
    config.set(U32, 0x48, 5);
    config.set(U32, 0x50, 0x0184_7005); // MSI, 4 vectors, 64 bits, maskable
    config.set(U32, 0x70, 0x5A0C_0009); // vendor-specific
    config.set(U32, 0x74, 0x11223344);
    config.set(U32, 0x78, 0x55667788);
  }

  /** The card that it is, in a slot whose agent does its work. */
  Card card() {
    ForeignCard card = new ForeignCard(this);
    return new Card() {
      @Override
      public List<String> functions() {
        return card.functions();
      }

      @Override
      public void insert(CardSlot slot) {
        agent = slot;
        card.insert(slot);
      }

      @Override
      public void remove() {
        card.remove();
      }
    };
  }

  @Override
  public void open(Presence to) {
    presence = to;
    come();
  }

  void come() {
    List<Integer> kinds = List.of(1, 4, 9);
    presence.onPresent(new Facts("toy", List.copyOf(regionBytes), kinds, config));
  }

  void go() {
    queue.clear();
    access = null;
    presence.onAbsent("the toy has gone");
  }

  private void later(Runnable what) {
    queue.add(what);
    agent.execute(work);
  }

  private void work() {
    Runnable what = queue.poll();
    if (what != null) {
      what.run();
    }
  }

  @Override
  public void attach(Access to) {
    access = to;
  }

  @Override
  public void read(int region, long offset, int bytes, ReadDone done, long cookie) {
    told.add("read " + region + " " + Long.toHexString(offset) + " " + bytes);
    boolean refused = deaf;
    later(() -> done.done(cookie, refused ? null : of(region), offset, bytes));
  }

  private MemorySegment of(int region) {
    return region == REGION_CONFIG ? config : bars[region];
  }

  @Override
  public void write(int region, long offset, MemorySegment from, long at, int bytes) {
    write(region, offset, from, at, bytes, (cookie, ok) -> {}, 0);
  }

  @Override
  public void write(
      int region,
      long offset,
      MemorySegment from,
      long at,
      int bytes,
      WriteDone done,
      long cookie) {
    byte[] data = from.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
    StringBuilder value = new StringBuilder();
    for (int i = bytes - 1; i >= 0 && bytes <= 8; i--) {
      value.append("%02x".formatted(data[i]));
    }
    told.add("write " + region + " " + Long.toHexString(offset) + " " + value);
    boolean refused = deaf;
    later(
        () -> {
          if (!refused && region != REGION_CONFIG) {
            MemorySegment.copy(data, 0, of(region), ValueLayout.JAVA_BYTE, offset, bytes);
            registerWritten(region, offset);
          }
          done.done(cookie, !refused);
        });
  }

  private void registerWritten(int region, long offset) {
    if (region != 0) {
      return;
    }
    switch ((int) offset) {
      case 0x30 -> begin();
      case 0x44 -> signal(bars[0].get(U32, 0x40));
      case 0x48 -> pin = false;
      default -> {
        // Only memory.
      }
    }
  }

  private void begin() {
    long address = bars[0].get(U64, 0x20);
    int offset = bars[0].get(U32, 0x28);
    int bytes = bars[0].get(U32, 0x2C);
    boolean sound = offset >= 0 && bytes > 0 && offset + bytes <= 0xC000 && offset + bytes > 0;
    if (reading || !sound || access == null) {
      bars[0].set(U32, 0x34, 3);
    } else if (bars[0].get(U32, 0x30) == 1) {
      reading = true;
      bars[0].set(U32, 0x34, 1);
      access.onDmaRead(address, bars[0], MEMORY + offset, bytes, 77);
    } else {
      boolean ok = access.onDmaWrite(address, bars[0], MEMORY + offset, bytes);
      bars[0].set(U32, 0x34, ok ? 2 : 3);
    }
  }

  void signal(int vector) {
    if (access == null) {
      return;
    }
    if (kind == IRQ_INTX) {
      pin = true;
      tell();
    } else if (kind > 0 && vector >= 0 && vector < vectors) {
      access.onInterrupt(kind, vector);
    }
  }

  private void tell() {
    if (kind == IRQ_INTX && pin && !masked) {
      masked = true;
      access.onInterrupt(IRQ_INTX, 0);
    }
  }

  @Override
  public void reset() {
    told.add("reset");
    queue.clear();
    kind = -1;
    pin = false;
    reading = false;
    for (MemorySegment bar : bars) {
      bar.asSlice(0, MEMORY).fill((byte) 0);
    }
  }

  @Override
  public void enable(int newKind, int newVectors) {
    told.add("enable " + newKind + " " + newVectors);
    later(
        () -> {
          kind = newVectors == 0 ? -1 : newKind;
          vectors = newVectors;
          masked = false;
        });
  }

  @Override
  public void unmaskIntx() {
    told.add("unmask");
    later(
        () -> {
          masked = false;
          tell();
        });
  }

  @Override
  public void dmaDone(long cookie, boolean ok) {
    if (reading && cookie == 77) {
      reading = false;
      bars[0].set(U32, 0x34, ok ? 2 : 3);
    }
  }

  @Override
  public void dmaAbandoned() {
    reading = false;
  }

  @Override
  public void resume() {}

  @Override
  public void dismiss(String why) {
    dismissed = why;
  }

  @Override
  public void close() {
    told.add("close");
  }
}
