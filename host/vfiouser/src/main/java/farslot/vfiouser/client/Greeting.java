package farslot.vfiouser.client;

import static farslot.function.ForeignDevice.*;

import farslot.linux.Errno;
import farslot.vfiouser.client.ServerVersion.RefusedException;
import farslot.vfiouser.wire.VfioUserMessage;
import farslot.vfiouser.wire.Wire;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked before a device can be used, one question after the other: version, regions,
 * interrupts, configuration space. A server may answer anything; what no device could have ends it.
 */
final class Greeting {
  /** Larger BARs are a lie, or nobody's business. */
  static final long BAR_BYTES_MAX = 1L << 40;

  /** What a server may say about one region: its capabilities, with more areas than any has. */
  private static final int REGION_ARGSZ = 4096;

  private static final int CONFIG_BYTES_LEGACY = 256;
  private static final int CONFIG_BYTES = 4096;
  private static final int IRQ_COUNT_ALL = 5;
  private static final int[] VECTORS_MAX = {1, 32, 2048, 1, 1};

  /**
   * DMA by message needs a window, for servers refuse what is outside of all; this one is without
   * memory, and as large as libvfio-user's largest.
   */
  private static final long WINDOW_BYTES = 8L << 40;

  /** What a greeting needs of its session, and whom it tells. */
  interface Host {
    /** Appends a command's header; returns where its payload begins in the outbox. */
    long ask(int command, int index, int payloadBytes, DueReply.Answered answered);

    MemorySegment outbox();

    /** Attaches the memory that the server may map to what is asked next; its size, 0 for none. */
    long offerMemory();

    /** The server's own commands come by this socket. It is the session's from now on. */
    void twin(int fd);

    void onGreeted(Greeting greeting);

    /** There is no device to be had: in words, why. */
    void onRefused(String why);
  }

  private final Host host;
  private final DueReply.Answered onRegion = this::onRegion;
  private final DueReply.Answered onIrq = this::onIrq;
  private final List<Long> regions = new ArrayList<>();
  private final List<Integer> vectors = new ArrayList<>();
  private MemorySegment config = MemorySegment.NULL;
  private ServerVersion version;
  private boolean resettable;
  private int regionCount;
  private int irqCount;

  Greeting(Host host) {
    this.host = host;
  }

  void begin() {
    byte[] json = ServerVersion.proposal();
    long at = host.ask(Wire.VERSION, 0, Wire.VERSION_BYTES + json.length, this::onVersion);
    MemorySegment to = host.outbox();
    to.set(VfioUserMessage.U16, at + Wire.MAJOR_AT, (short) Wire.MAJOR);
    to.set(VfioUserMessage.U16, at + Wire.MINOR_AT, (short) ServerVersion.OUR_MINOR);
    MemorySegment.copy(MemorySegment.ofArray(json), 0, to, at + Wire.VERSION_BYTES, json.length);
  }

  int msgFdsMax() {
    return version.msgFdsMax();
  }

  /** Whether the device can be reset at all. */
  boolean resettable() {
    return resettable;
  }

  /** Vectors of a kind, ERR and REQ (3 and 4) too. */
  int vectors(int kind) {
    return kind < vectors.size() ? vectors.get(kind) : 0;
  }

  Facts facts(String from) {
    List<Integer> own = new ArrayList<>();
    for (int kind = 0; kind < IRQ_COUNT; kind++) {
      own.add(vectors(kind));
    }
    return new Facts(from, List.copyOf(regions), List.copyOf(own), config);
  }

  private void onVersion(VfioUserMessage reply, int[] fds) {
    if (reply.isError()) {
      host.onRefused("refuses VERSION: " + Errno.describe(reply.errno()));
      return;
    }
    try {
      version = ServerVersion.parse(reply, fds.length);
    } catch (RefusedException e) {
      host.onRefused(e.getMessage());
      return;
    }
    if (version.twinFd() >= 0) {
      host.twin(fds[version.twinFd()]);
      fds[version.twinFd()] = -1;
    }
    long at = host.ask(Wire.DEVICE_GET_INFO, 0, Wire.INFO_BYTES, this::onInfo);
    argsz(at, Wire.INFO_BYTES, Wire.INFO_BYTES);
  }

  private void onInfo(VfioUserMessage reply, int[] fds) {
    if (refused(reply, fds, "DEVICE_GET_INFO")) {
      return;
    }
    int flags = reply.u32(Wire.ARG_FLAGS_AT);
    regionCount = reply.u32(Wire.INFO_REGIONS_AT);
    irqCount = reply.u32(Wire.INFO_IRQS_AT);
    resettable = (flags & Wire.INFO_RESET) != 0;
    if ((flags & Wire.INFO_PCI) == 0) {
      host.onRefused("is no PCI device");
    } else if (regionCount <= REGION_CONFIG || regionCount < 0 || irqCount < 0) {
      host.onRefused("has " + regionCount + " regions and " + irqCount + " kinds of interrupt");
    } else {
      nextRegion();
    }
  }

  private void nextRegion() {
    int index = regions.size();
    if (index == Math.min(regionCount, REGION_COUNT)) {
      while (regions.size() < REGION_COUNT) {
        regions.add(0L);
      }
      nextIrq();
      return;
    }
    long at = host.ask(Wire.DEVICE_GET_REGION_INFO, index, Wire.REGION_INFO_BYTES, onRegion);
    argsz(at, Wire.REGION_INFO_BYTES, REGION_ARGSZ);
    host.outbox().set(VfioUserMessage.U32, at + Wire.REGION_INFO_INDEX_AT, index);
  }

  /** Areas that could be mapped are not: a register that is elsewhere has to be told of writes. */
  private void onRegion(VfioUserMessage reply, int[] fds) {
    int index = regions.size();
    long bytes = reply.isError() ? 0 : reply.u64(Wire.REGION_INFO_SIZE_AT);
    if (fds.length > ServerVersion.OUR_MSG_FDS) {
      host.onRefused("sends " + fds.length + " descriptors for region " + index);
    } else if (bytes < 0 || bytes > BAR_BYTES_MAX) {
      host.onRefused(
          "says that region " + index + " has " + Long.toUnsignedString(bytes) + " bytes");
    } else if (index == REGION_CONFIG && bytes < CONFIG_BYTES_LEGACY) {
      host.onRefused("has a configuration space of " + bytes + " bytes");
    } else {
      regions.add(bytes);
      nextRegion();
    }
  }

  private void nextIrq() {
    int index = vectors.size();
    if (index == Math.min(irqCount, IRQ_COUNT_ALL)) {
      map();
      return;
    }
    long at = host.ask(Wire.DEVICE_GET_IRQ_INFO, index, Wire.IRQ_INFO_BYTES, onIrq);
    argsz(at, Wire.IRQ_INFO_BYTES, Wire.IRQ_INFO_BYTES);
    host.outbox().set(VfioUserMessage.U32, at + Wire.IRQ_INFO_INDEX_AT, index);
  }

  private void onIrq(VfioUserMessage reply, int[] fds) {
    int index = vectors.size();
    int count = reply.isError() ? 0 : reply.u32(Wire.IRQ_INFO_COUNT_AT);
    boolean byEvent =
        !reply.isError()
            && (reply.u32(Wire.ARG_FLAGS_AT) & Wire.IRQ_EVENTFD) != 0
            && fds.length == 0;
    if (fds.length > 0) {
      host.onRefused("sends descriptors with DEVICE_GET_IRQ_INFO");
    } else if (count < 0 || count > VECTORS_MAX[index]) {
      host.onRefused(
          "says that it has " + Integer.toUnsignedString(count) + " vectors of kind " + index);
    } else {
      vectors.add(byEvent ? count : 0);
      nextIrq();
    }
  }

  /** A server that takes no window can still be a device that needs none: its answer is ignored. */
  private void map() {
    long mirrorBytes = host.offerMemory();
    long at = host.ask(Wire.DMA_MAP, 0, Wire.MAP_BYTES, (reply, fds) -> readConfig());
    MemorySegment to = host.outbox();
    to.asSlice(at, Wire.MAP_BYTES).fill((byte) 0);
    to.set(VfioUserMessage.U32, at + Wire.ARGSZ_AT, Wire.MAP_BYTES);
    to.set(VfioUserMessage.U32, at + Wire.ARG_FLAGS_AT, Wire.MAP_READ | Wire.MAP_WRITE);
    long bytes = mirrorBytes == 0 ? WINDOW_BYTES : mirrorBytes;
    to.set(VfioUserMessage.U64, at + Wire.MAP_SIZE_AT, bytes);
  }

  private void readConfig() {
    boolean extended = regions.get(REGION_CONFIG) >= CONFIG_BYTES;
    int bytes = extended ? CONFIG_BYTES : CONFIG_BYTES_LEGACY;
    long at = host.ask(Wire.REGION_READ, bytes, Wire.ACCESS_BYTES, this::onConfig);
    MemorySegment to = host.outbox();
    to.set(VfioUserMessage.U64, at + Wire.ACCESS_OFFSET_AT, 0);
    to.set(VfioUserMessage.U32, at + Wire.ACCESS_REGION_AT, REGION_CONFIG);
    to.set(VfioUserMessage.U32, at + Wire.ACCESS_COUNT_AT, bytes);
  }

  private void onConfig(VfioUserMessage reply, int[] fds) {
    if (refused(reply, fds, "to read its configuration space")) {
      return;
    }
    long at = reply.payloadAt() + Wire.ACCESS_BYTES;
    byte[] bytes = new byte[reply.u32(Wire.ACCESS_COUNT_AT)];
    MemorySegment.copy(reply.segment(), ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
    config = MemorySegment.ofArray(bytes).asReadOnly();
    int vendor = config.get(VfioUserMessage.U16, 0) & 0xFFFF;
    if (vendor == 0 || vendor == 0xFFFF) {
      host.onRefused("answers, but there is no device behind it now");
    } else {
      host.onGreeted(this);
    }
  }

  private boolean refused(VfioUserMessage reply, int[] fds, String what) {
    if (fds.length > 0) {
      host.onRefused("sends descriptors that nobody asked for");
    } else if (reply.isError()) {
      host.onRefused("refuses " + what + ": " + Errno.describe(reply.errno()));
    }
    return fds.length > 0 || reply.isError();
  }

  private void argsz(long at, int payloadBytes, int argsz) {
    host.outbox().asSlice(at, payloadBytes).fill((byte) 0);
    host.outbox().set(VfioUserMessage.U32, at + Wire.ARGSZ_AT, argsz);
  }
}
