package farslot.carrier;

import farslot.carrier.seal.SealFormat;
import farslot.link.FrameCheck;
import farslot.link.FrameError;
import farslot.link.FrameFormat;
import farslot.link.FrameView;
import farslot.link.Rail;
import farslot.link.RailListener;
import farslot.link.RailProtection;
import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import farslot.linux.PacketFilter;
import farslot.linux.PacketSocket;
import farslot.linux.PacketsIn;
import farslot.linux.PacketsOut;
import farslot.linux.Sockets;
import farslot.pcie.BigEndian;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import javax.net.ssl.SSLException;

/**
 * Frames in Ethernet packets, between a port here and a port of another station. They are written
 * straight from where the session keeps them, many in one call, and parsed where they were read.
 * What the kernel has taken may still be lost. On the loop's thread only.
 */
final class EthernetRail
    implements Rail, EthernetCounters.Socket, EthernetKeys.Holder, RailTenure.Holder {
  /** Frames of one call. */
  private static final int BATCH_MAX = 64;

  /** Batches received in one turn, so that one busy peer does not starve others. */
  private static final int BATCHES_MAX = 4;

  /**
   * Frames that arrive while this end is busy wait here; there is nobody else who would keep them.
   * The kernel counts packets by the memory that they take, small ones many times their length.
   */
  private static final int RECEIVE_BYTES = 16 << 20;

  /** Frames that wait for the interface: enough for 10 Gbit/s, little enough not to be late. */
  private static final int SEND_BYTES = 512 << 10;

  /** Linux does not say when an interface's queue, once full, takes packets again. */
  private static final long QUEUE_FULL_NS = 200_000;

  /** Who waits for keys. */
  interface KeysOutcome {
    /** The rail can be announced. */
    void onKeys(EthernetRail rail);

    /** It has been given up. */
    void onNoKeys(EthernetRail rail, String cause);
  }

  /** What a rail is made of. */
  record Ends(EthernetAddress segment, NetInterface at, int port, MacAddress peer, int peerPort) {}

  private final EventLoop loop;
  private final Ends ends;
  private final int frameBytesMax;
  private final PacketsIn in;
  private final EthernetCounters counters;
  private final Runnable onClosed;
  private final EthernetHeader header;
  private final PacketsOut out;
  private final EventLoop.Handler handler = this::onReady;
  private final EventLoop.Timer queueFull;
  private final Runnable onFailure = this::onFailure;
  private final int fd;

  /** Who looks at what comes before the peer's port is known; null afterwards. */
  private FrameCheck learning;

  private int peerPort;
  private RailListener listener;

  /** Who protects it, while keys are agreed on and a little longer; null before, and in clear. */
  private EthernetKeys keys;

  private RailSecurity security;
  private KeysOutcome keysOutcome;

  /** What protects it; null in clear, and before keys are agreed on. */
  private EthernetGuard guard;

  private RailTenure tenure;
  private String failure;
  private int interest;
  private boolean blocked;
  private boolean closed;

  /**
   * Opens it.
   *
   * @param learns whether {@code peerPort} only listens, and the peer answers from another: the end
   *     that dials
   * @param in where packets are received to; may serve several rails
   * @param onClosed called once when it has ended, however it did
   */
  EthernetRail(
      EventLoop loop,
      Ends ends,
      int frameBytesMax,
      boolean learns,
      PacketsIn in,
      EthernetCounters counters,
      Runnable onClosed)
      throws IOException {
    this.loop = loop;
    this.ends = ends;
    this.frameBytesMax = frameBytesMax;
    this.in = in;
    this.counters = counters;
    this.onClosed = onClosed;
    peerPort = ends.peerPort;
    learning = learns ? new FrameCheck() : null;
    header = new EthernetHeader(ends.segment, ends.at.mac(), ends.port).to(ends.peer, peerPort);
    out = new PacketsOut(BATCH_MAX, header.segment());
    queueFull = loop.timer(this::unblock);
    fd = EthernetInterfaces.open(ends.segment, ends.at, filter());
    try {
      Sockets.largeReceiveBuffer(fd, RECEIVE_BYTES);
      Sockets.largeSendBuffer(fd, SEND_BYTES);
    } catch (ErrnoException e) {
      PacketSocket.close(fd);
      throw e;
    }
    counters.opened(this);
  }

  private PacketFilter filter() {
    PacketFilter filter = EthernetInterfaces.filter(ends.segment, ends.port).source(ends.peer);
    return learning == null ? filter.u16(EthernetFormat.SOURCE_PORT_AT, peerPort) : filter;
  }

  /**
   * Agrees on keys, before it is announced; nothing goes in clear from then on.
   *
   * @param attempt drawn at random by the end that dials
   */
  void agree(RailSecurity security, boolean dials, long attempt, KeysOutcome outcome) {
    this.security = security;
    keysOutcome = outcome;
    try {
      keys = new EthernetKeys(loop, security, dials, attempt, this);
    } catch (SSLException e) {
      loop.execute(() -> onNoKeys("TLS cannot be had here: " + e.getMessage()));
      return;
    }
    watch();
    keys.go();
  }

  @Override
  public void sendKeys(MemorySegment packet, int bytes) {
    if (!closed) {
      out.clear();
      out.add(packet, 0, bytes);
      out.send(fd); // What does not go now is sent again.
    }
  }

  @Override
  public void onAgreed(Agreed agreed, byte[] ours, byte[] theirs) {
    guard = new EthernetGuard(agreed, ours, theirs, frameBytesMax, counters, loop.nowNs());
    tenure = new RailTenure(loop, security, agreed, this);
    keysOutcome.onKeys(this);
  }

  @Override
  public void onNoKeys(String cause) {
    if (!closed) {
      counters.keysFailed++;
      release();
      keysOutcome.onNoKeys(this, cause);
    }
  }

  /** Begins to deliver; once. */
  void listen(RailListener listener) {
    this.listener = listener;
    if (!closed) {
      watch();
    }
  }

  private void watch() {
    int wanted = EventLoop.READ | (blocked ? EventLoop.WRITE : 0);
    if (wanted != interest && (listener != null || keys != null)) {
      interest = wanted;
      loop.watch(fd, wanted, handler);
    }
  }

  private void onReady(int ready) {
    if ((ready & EventLoop.WRITE) != 0 && !closed) {
      unblock();
    }
    if ((ready & EventLoop.READ) != 0 && !closed) {
      onReadable();
    }
  }

  // Sending.

  @Override
  public int send(MemorySegment segment, long offset, int bytes) {
    if (closed || failure != null) {
      // It goes nowhere; whoever needs it sends it again on another rail.
      return bytes;
    }
    int taken = 0;
    while (taken < bytes) {
      if (guard != null) {
        guard.gather(segment, offset + taken, bytes - taken, out, loop.nowNs());
      } else {
        gather(segment, offset + taken, bytes - taken);
      }
      int packets = out.send(fd);
      if (packets < 0) {
        return stopped(-packets) ? taken : bytes;
      }
      for (int i = 0; i < packets; i++) {
        taken += frameBytes(segment, offset + taken);
      }
    }
    return taken;
  }

  private void gather(MemorySegment segment, long offset, int bytes) {
    out.clear();
    for (int at = 0; at < bytes && !out.isFull(); ) {
      int frame = frameBytes(segment, offset + at);
      assert frame <= frameBytesMax && frame <= bytes - at : "no frame for this rail: " + frame;
      out.add(segment, offset + at, frame);
      at += frame;
    }
  }

  static int frameBytes(MemorySegment segment, long offset) {
    return BigEndian.u16(segment, offset + FrameFormat.LENGTH_AT);
  }

  /** Nothing goes now; true when it may later, false when the rail has ended. */
  private boolean stopped(int errno) {
    switch (errno) {
      case Errno.EAGAIN -> {
        blocked = true;
        watch();
        return true;
      }
      case Errno.ENOBUFS, Errno.ENOMEM -> {
        counters.queueFull++;
        queueFull.arm(QUEUE_FULL_NS);
        return true;
      }
      case Errno.EMSGSIZE ->
          failure = "the MTU of " + ends.at.name() + " is less now than when the rail was made";
      default -> failure = words(errno);
    }
    loop.execute(onFailure);
    return false;
  }

  private String words(int errno) {
    return switch (errno) {
      case Errno.ENETDOWN -> ends.at.name() + " went down";
      case Errno.ENXIO, Errno.ENODEV -> ends.at.name() + " is gone";
      default -> ends.at.name() + ": " + Errno.describe(errno);
    };
  }

  private void unblock() {
    blocked = false;
    if (!closed && failure == null && listener != null) {
      listener.onWritable(loop.nowNs());
    }
    if (!closed) {
      watch();
    }
  }

  // Receiving.

  private void onReadable() {
    for (int batch = 0; batch < BATCHES_MAX; batch++) {
      int count = in.receive(fd);
      if (count == -Errno.EAGAIN) {
        return;
      }
      if (count < 0) {
        down(words(-count));
        return;
      }
      long nowNs = loop.nowNs();
      for (int i = 0; i < count && !closed; i++) {
        onPacket(in.segment(), in.offset(i), in.truncated(i) ? 0 : in.bytes(i), nowNs);
      }
      if (count < in.packetsMax() || closed) {
        return;
      }
    }
  }

  private void onPacket(MemorySegment segment, long packet, int bytes, long nowNs) {
    int available = bytes - EthernetFormat.FRAME_AT;
    long at = packet + EthernetFormat.FRAME_AT;
    if (security != null) {
      onProtected(segment, packet, available, nowNs);
      return;
    }
    int frame = FrameView.frameBytes(segment, at, available, FrameFormat.FRAME_BYTES_MAX);
    if (frame <= 0 || frame > available) {
      counters.droppedMalformed++;
      return;
    }
    int from = BigEndian.u16(segment, packet + EthernetFormat.SOURCE_PORT_AT);
    if (learning == null ? from == peerPort : learn(segment, at, frame, from)) {
      listener.onFrame(segment, at, frame, nowNs);
    } else {
      counters.droppedStrangers++;
    }
  }

  private void onProtected(MemorySegment segment, long packet, int available, long nowNs) {
    long at = packet + EthernetFormat.FRAME_AT;
    int from = available < 0 ? 0 : BigEndian.u16(segment, packet + EthernetFormat.SOURCE_PORT_AT);
    if (available >= SealFormat.BYTES_AT
        && BigEndian.u8(segment, at + SealFormat.KIND_AT) == SealFormat.KEYS) {
      if (learning == null && from != peerPort || !deliverKeys(segment, at, available)) {
        counters.droppedStrangers++;
      } else if (learning != null) {
        learned(from);
      }
    } else if (guard == null || listener == null || from != peerPort) {
      counters.droppedStrangers++;
    } else {
      int frame = guard.open(segment, at, available, nowNs);
      if (frame > 0) {
        onOpened(frame, nowNs);
      } else if (guard.besieged()) {
        down("more packets were forged than AES-GCM is to be trusted with");
      }
    }
  }

  private void onOpened(int bytes, long nowNs) {
    // The peer has the keys as well: from now on nothing in clear has a meaning.
    if (keys != null) {
      keys.end();
      keys = null;
    }
    MemorySegment opened = guard.opened();
    int frame = FrameView.frameBytes(opened, 0, bytes, FrameFormat.FRAME_BYTES_MAX);
    if (frame <= 0 || frame > bytes) {
      counters.droppedMalformed++;
    } else {
      listener.onFrame(opened, 0, frame, nowNs);
    }
  }

  /** A KEYS packet, perhaps one that came to the listening port; false if it is none of this. */
  boolean deliverKeys(MemorySegment segment, long at, int available) {
    return !closed && keys != null && keys.onPacket(segment, at, available);
  }

  private void learned(int from) {
    learning = null;
    peerPort = from;
    header.toPort(from);
    narrow();
  }

  /** The peer's port is where the first answer to HELLO comes from. */
  private boolean learn(MemorySegment segment, long at, int frameBytes, int from) {
    FrameError error = learning.check(segment, at, frameBytes, FrameFormat.FRAME_BYTES_MAX, true);
    int type = BigEndian.u8(segment, at + FrameFormat.TYPE_AT);
    boolean answers =
        from != 0
            && (type == FrameFormat.REFUSE && error == FrameError.VERSION
                || error == null && (type == FrameFormat.WELCOME || type == FrameFormat.REFUSE));
    if (answers) {
      learned(from);
    }
    return answers;
  }

  /** What comes from other ports need not wake us up from now on. */
  private void narrow() {
    try {
      PacketSocket.filter(fd, filter().mine());
    } catch (ErrnoException e) {
      failure = e.getMessage();
      loop.execute(onFailure);
    }
  }

  /** A HELLO that came to the listening port belongs to this rail. */
  void deliver(MemorySegment segment, long offset, int frameBytes) {
    if (!closed) {
      listener.onFrame(segment, offset, frameBytes, loop.nowNs());
    }
  }

  // The end.

  private void onFailure() {
    if (!closed) {
      down(failure);
    }
  }

  private void down(String cause) {
    release();
    if (listener != null) {
      listener.onDown(cause, loop.nowNs());
    }
  }

  @Override
  public void close(String cause) {
    if (!closed) {
      release();
    }
  }

  private void release() {
    counters.closing(this);
    closed = true;
    if (keys != null) {
      keys.end();
    }
    if (guard != null) {
      tenure.end();
      guard.wipe();
    }
    queueFull.cancel();
    loop.unwatch(fd);
    PacketSocket.close(fd);
    onClosed.run();
  }

  @Override
  public long losses() {
    try {
      return PacketSocket.drops(fd);
    } catch (ErrnoException e) {
      // Only a count; the rail shows by itself when something is wrong with its socket.
      return 0;
    }
  }

  @Override
  public void onAgeing(String cause) {
    if (!closed && listener != null) {
      listener.onAgeing(cause, loop.nowNs());
    }
  }

  @Override
  public void onExpired(String cause) {
    if (!closed) {
      down(cause);
    }
  }

  @Override
  public RailProtection protection() {
    return guard == null ? RailProtection.NONE : guard.protection();
  }

  @Override
  public int frameBytesMax() {
    return frameBytesMax;
  }

  @Override
  public boolean reliable() {
    return false;
  }

  @Override
  public String describe() {
    String vlan = ends.segment.vlan() == 0 ? "" : " vlan " + ends.segment.vlan();
    return "ethernet " + ends.at.name() + "/" + ends.peer + vlan;
  }
}
