package farslot.fabric;

import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A card for tests, with its own idea of the specification's numbers: 64-bit BAR 0 of 16 KiB with
 * an MSI-X table of 4 vectors at 0x2000, I/O BAR 2 of 32 bytes, MSI, PM and PCIe capabilities. It
 * does as told, also when that is wrong.
 */
final class FakeCard implements TlpIn {
  static final int BAR0_BYTES = 0x4000;
  static final int PM = 0x40;
  static final int MSI = 0x50;
  static final int MSIX = 0x70;
  static final int PCIE = 0x80;
  static final int TABLE = 0x2000;

  final ByteBuffer config = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
  final ByteBuffer writable = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
  final ByteBuffer bar = ByteBuffer.allocate(BAR0_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  final ByteBuffer ports = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
  final List<String> log = new ArrayList<>();

  /** Completions of reads that this card made: status code, byte count, data. */
  final List<Answer> answers = new ArrayList<>();

  record Answer(int tag, int status, int byteCount, int lowerAddress, byte[] data) {}

  boolean mute;
  int retries;
  int flrs;

  /** Writes and Hot Resets that have come in this stream. */
  int changes;

  int hotResets;
  boolean down;
  TlpOut out;
  private final TlpView view = new TlpView();
  private int bdf;

  FakeCard() {
    reset();
  }

  void reset() {
    config.clear();
    config.put(new byte[4096]).clear();
    writable.put(new byte[4096]).clear();
    bar.put(new byte[BAR0_BYTES]).clear();
    config.putInt(0x00, 0xBEEF_1AB0);
    config.putInt(0x04, 0x0010_0000);
    config.putInt(0x08, 0x0108_0203);
    writable.putInt(0x04, 0x0000_0407);
    config.putInt(0x10, 0x4);
    writable.putInt(0x10, -BAR0_BYTES);
    writable.putInt(0x14, -1);
    config.putInt(0x18, 0x1);
    writable.putInt(0x18, -32);
    config.putInt(0x34, PM);
    config.putInt(0x3C, 0x0000_0100);
    writable.putInt(0x3C, 0xFF);
    config.putInt(PM, 0x0003_0001 | MSI << 8);
    writable.putInt(PM + 4, 3);
    config.putInt(MSI, 0x0184_0005 | MSIX << 8); // 4 vectors, 64 bits, maskable
    writable.putInt(MSI, 0x0071_0000);
    writable.putInt(MSI + 4, ~3);
    writable.putInt(MSI + 8, -1);
    writable.putInt(MSI + 12, 0xFFFF);
    writable.putInt(MSI + 16, 15);
    config.putInt(MSIX, 0x0003_0011 | PCIE << 8);
    writable.putInt(MSIX, 0xC000_0000);
    config.putInt(MSIX + 4, TABLE);
    config.putInt(MSIX + 8, 0x3000);
    config.putInt(PCIE, 0x0002_0010);
    config.putInt(PCIE + 4, 0x1000_0005); // FLR, 4096 bytes
    writable.putInt(PCIE + 8, 0x7FFF);
    config.putInt(PCIE + 0x24, 0x0003_0000);
    writable.putInt(PCIE + 0x28, 0x1000);
    config.putInt(0x100, 0x0001_0003);
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    view.wrap(segment, offset, tlpBytes);
    int type = view.fmtType();
    log.add(describe(type));
    changes += type == 0x44 || type == 0x40 || type == 0x60 || type == 0x42 ? 1 : 0;
    if (type == 0x0A || type == 0x4A) {
      byte[] data = new byte[view.completedBytes()];
      long from = view.dataOffset() + (view.lowerAddress() & 3);
      if (data.length > 0) {
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, from, data, 0, data.length);
      }
      answers.add(
          new Answer(view.tag(), view.statusCode(), view.byteCount(), view.lowerAddress(), data));
      return;
    }
    if (mute && type != 0x40 && type != 0x60) {
      return;
    }
    switch (type) {
      case 0x04 -> configRead();
      case 0x44 -> configWrite(segment);
      case 0x00, 0x20 -> memoryRead();
      case 0x40, 0x60 -> memoryWrite(segment);
      case 0x02 -> answer(ports.getInt((int) (view.address() - config.getInt(0x18) + 1)));
      case 0x42 -> {
        store(segment, ports, (int) (view.address() - (config.getInt(0x18) & ~3)), 4);
        complete(CompletionStatus.SC);
      }
      default -> throw new AssertionError("type " + type);
    }
  }

  private String describe(int type) {
    return switch (type) {
      case 0x04 -> "CfgRd %x".formatted(view.configOffset());
      case 0x44 -> "CfgWr %x".formatted(view.configOffset());
      case 0x00, 0x20 ->
          "MRd %x %d".formatted(view.firstByteAddress() - base(), view.enabledBytes());
      case 0x40, 0x60 ->
          "MWr %x %d".formatted(view.firstByteAddress() - base(), view.enabledBytes());
      case 0x02 -> "IORd %x".formatted(view.firstByteAddress());
      case 0x42 -> "IOWr %x".formatted(view.firstByteAddress());
      default -> "%02x".formatted(type);
    };
  }

  private long base() {
    return config.getLong(0x10) & ~15L;
  }

  private void configRead() {
    if (retries > 0) {
      retries--;
      complete(CompletionStatus.RRS);
    } else {
      answer(config.getInt(view.configOffset()));
    }
  }

  private void configWrite(MemorySegment segment) {
    bdf = view.targetId();
    int at = view.configOffset();
    int before = config.getInt(at);
    ByteBuffer wanted = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    wanted.putInt(0, before);
    store(segment, wanted, 0, 4);
    int mask = writable.getInt(at);
    config.putInt(at, before & ~mask | wanted.getInt(0) & mask);
    boolean flr = at == PCIE + 8 && (wanted.getInt(0) & 0x8000) != 0;
    boolean wake = at == PM + 4 && (before & 3) == 3 && (wanted.getInt(0) & 3) == 0;
    int tag = view.tag();
    if (flr || wake) {
      reset();
      flrs += flr ? 1 : 0;
    }
    complete(CompletionStatus.SC, tag);
  }

  private void memoryRead() {
    if ((config.getInt(4) & 2) == 0) {
      complete(CompletionStatus.UR);
      return;
    }
    int at = (int) (view.firstByteAddress() - base());
    int bytes = view.enabledBytes();
    byte[] data = new byte[bytes];
    bar.get(at, data);
    completeData(view.tag(), bytes, (int) (view.firstByteAddress() & 0x7F), data);
  }

  private void memoryWrite(MemorySegment segment) {
    long at = view.address() - base();
    if ((config.getInt(4) & 2) != 0 && at >= 0 && at < BAR0_BYTES) {
      store(segment, bar, (int) at, view.dataBytes());
    }
  }

  private void store(MemorySegment segment, ByteBuffer to, int at, int bytes) {
    for (int i = 0; i < bytes; i++) {
      int be = i < 4 ? view.firstBe() : i >= bytes - 4 ? view.lastBe() : 15;
      if ((be >> (i & 3) & 1) != 0) {
        to.put(at + i, segment.get(ValueLayout.JAVA_BYTE, view.dataOffset() + i));
      }
    }
  }

  void complete(CompletionStatus status) {
    complete(status, view.tag());
  }

  void complete(CompletionStatus status, int tag) {
    long at = out.claim(FlowClass.COMPLETION, 12, 0);
    TlpEncoder.completion(out.segment(), at, bdf, 0, tag, status, 4, 0);
    out.commit();
  }

  private void answer(int value) {
    ByteBuffer data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value);
    completeData(view.tag(), 4, 0, data.array());
  }

  void completeData(int tag, int byteCount, int lowerAddress, byte[] data) {
    int dataBytes = TlpEncoder.dataBytes(lowerAddress, data.length);
    long at = out.claim(FlowClass.COMPLETION, 12 + dataBytes, dataBytes);
    TlpEncoder.completionWithData(
        out.segment(), at, bdf, 0, tag, byteCount, lowerAddress, data.length);
    MemorySegment.copy(
        data, 0, out.segment(), ValueLayout.JAVA_BYTE, at + 12 + (lowerAddress & 3), data.length);
    out.commit();
  }

  /** Reads the server's memory. */
  void dmaRead(int tag, long address, int bytes) {
    int header = TlpEncoder.memoryHeaderBytes(address);
    long at = out.claim(FlowClass.NON_POSTED, header, 0);
    TlpEncoder.memoryRead(out.segment(), at, bdf, tag, address, bytes);
    out.commit();
  }

  void dmaWrite(long address, byte... data) {
    int header = TlpEncoder.memoryHeaderBytes(address);
    int dataBytes = TlpEncoder.dataBytes(address, data.length);
    long at = out.claim(FlowClass.POSTED, header + dataBytes, dataBytes);
    TlpEncoder.memoryWrite(out.segment(), at, bdf, address, data.length);
    MemorySegment.copy(
        data, 0, out.segment(), ValueLayout.JAVA_BYTE, at + header + (address & 3), data.length);
    out.commit();
  }

  void message(int code) {
    long at = out.claim(FlowClass.POSTED, 16, 0);
    TlpEncoder.message(out.segment(), at, bdf, 0, 4, code);
    out.commit();
  }

  /** Sends an MSI-X message as its table says. */
  void msix(int vector) {
    int entry = TABLE + 16 * vector;
    byte[] data = new byte[4];
    bar.get(entry + 8, data);
    dmaWrite(bar.getLong(entry), data);
  }

  void raw(FlowClass flow, byte[] tlp, int dataBytes) {
    long at = out.claim(flow, tlp.length, dataBytes);
    MemorySegment.copy(tlp, 0, out.segment(), ValueLayout.JAVA_BYTE, at, tlp.length);
    out.commit();
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    String kind = steady ? "steady" : "passing";
    int first = segment.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    log.add("PUSH %x %d %s %02x".formatted(address - Bench.RAM, bytes, kind, first));
  }

  @Override
  public void onRevoke() {
    log.add("REVOKE");
  }

  @Override
  public void onRoom() {}

  @Override
  public void onHotReset() {
    hotResets++;
    changes++;
    reset();
  }

  @Override
  public void onDown() {
    down = true;
  }
}
