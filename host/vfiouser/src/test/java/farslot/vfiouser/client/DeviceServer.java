package farslot.vfiouser.client;

import farslot.linux.Errno;
import farslot.linux.ErrnoException;
import farslot.linux.EventFd;
import farslot.linux.Fd;
import farslot.linux.UnixMessage;
import farslot.linux.UnixSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A little vfio-user server with its own copy of the protocol's numbers, on a thread of its own: a
 * device whose BARs and configuration space are memory. A test may answer in its stead, and send
 * what it likes.
 */
final class DeviceServer implements AutoCloseable, Runnable {
  static final int ERROR = 0x20;
  private static final long PATIENCE_NS = 120_000_000_000L;

  /** A message as it came. */
  record Message(int id, int command, int flags, int errno, byte[] payload, int[] fds) {
    ByteBuffer body() {
      return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean isReply() {
      return (flags & 0xF) == 1;
    }

    boolean wantsReply() {
      return (flags & 0x10) == 0;
    }

    boolean isError() {
      return (flags & ERROR) != 0;
    }
  }

  /** What answers instead of the device. */
  interface Script {
    /** False if the device itself shall answer. */
    boolean onCommand(DeviceServer server, Message message) throws IOException;
  }

  final byte[][] regions = new byte[9][];
  final int[] vectors = {1, 0, 4, 1, 1};
  final List<String> events = new CopyOnWriteArrayList<>();
  final Map<Integer, int[]> armed = new ConcurrentHashMap<>();
  volatile Script script = (server, message) -> false;
  volatile boolean twin;
  volatile String capabilities = "\"max_msg_fds\":8";
  private final Path path;
  private final int listener;
  private final Thread thread;
  private final UnixMessage unix = new UnixMessage();
  private final MemorySegment buffer = Arena.ofAuto().allocate(4 << 20, 8);
  private volatile boolean closed;
  private int socket = -1;
  private int twinSocket = -1;
  private int nextId = 1000;
  private volatile Throwable failure;

  DeviceServer(Path path) throws IOException {
    this.path = path;
    listener = UnixSocket.listen(path.toString(), 4);
    Arrays.setAll(regions, i -> new byte[0]);
    regions[0] = new byte[0x4000];
    regions[2] = new byte[0x40];
    regions[7] = new byte[4096];
    writeConfig();
    thread = new Thread(this, "device server");
  }

  /** A memory BAR 0, an I/O BAR 2, INTA, MSI-X with 4 vectors in BAR 0, and a vendor capability. */
  private void writeConfig() {
    ByteBuffer config = ByteBuffer.wrap(regions[7]).order(ByteOrder.LITTLE_ENDIAN);
    config.putInt(0x00, 0x5678_1234).putInt(0x04, 0x0010_0000).putInt(0x08, 0xFF000003);
    config.putInt(0x18, 1).putInt(0x2C, 0x9ABC_DEF0).putInt(0x34, 0x40).putInt(0x3C, 0x100);
    config.putInt(0x40, 0x0003_5011).putInt(0x44, 0x2000).putInt(0x48, 0x3000);
    config.putInt(0x50, 0x5A0C_0009).putInt(0x54, 0x11223344).putInt(0x58, 0x55667788);
    config.putInt(0x100, 0x0001_0003).putInt(0x104, 0xCAFE).putInt(0x108, 0xF00D);
  }

  DeviceServer start() {
    thread.start();
    return this;
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        serveOne();
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      if (!closed) {
        failure = e;
      }
    }
  }

  private void serveOne() throws IOException {
    int accepted = accept();
    if (accepted < 0) {
      return;
    }
    socket = accepted;
    try {
      while (!closed) {
        Message message = receive(socket);
        if (message == null) {
          break;
        }
        handle(message);
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ECONNRESET && e.errno() != Errno.EPIPE) {
        throw e;
      }
    } finally {
      hangUp();
    }
  }

  private int accept() throws IOException {
    while (!closed) {
      int accepted = farslot.linux.Sockets.accept(listener);
      if (accepted >= 0) {
        return accepted;
      }
      pause();
    }
    return -1;
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void hangUp() {
    armed.values().forEach(fds -> Fd.closeAll(fds, fds.length));
    armed.clear();
    for (int fd : new int[] {socket, twinSocket}) {
      if (fd >= 0) {
        Fd.close(fd);
      }
    }
    socket = -1;
    twinSocket = -1;
  }

  private void handle(Message message) throws IOException {
    if (!script.onCommand(this, message)) {
      answer(message);
    }
  }

  /** As a device does. */
  void answer(Message message) throws IOException {
    if (message.isReply()) {
      return; // to a request that noise happened to be
    }
    ByteBuffer body = message.body();
    switch (message.command()) {
      case 1 -> version(message);
      case 2 -> {
        events.add("map " + body.getLong(16) + " " + body.getLong(24));
        reply(message, new byte[0]);
      }
      case 4 -> reply(message, ints(16, 3, 9, 5));
      case 5 -> regionInfo(message, body.getInt(8));
      case 7 -> reply(message, ints(16, 1, body.getInt(8), vectors[body.getInt(8)]));
      case 8 -> setIrqs(message, body);
      case 9 -> {
        byte[] from = regions[body.getInt(8)];
        int at = (int) body.getLong(0);
        reply(
            message, concat(message.payload(), Arrays.copyOfRange(from, at, at + body.getInt(12))));
      }
      case 10 -> write(message, body);
      case 13 -> {
        events.add("reset");
        Arrays.fill(regions[0], (byte) 0);
        reply(message, new byte[0]);
      }
      default -> throw new AssertionError("command " + message.command());
    }
  }

  private void version(Message message) throws IOException {
    String json = "{\"capabilities\":{" + capabilities;
    int[] pair = twin ? UnixSocket.pair() : new int[0];
    if (twin) {
      json += ",\"twin_socket\":{\"supported\":true,\"fd_index\":0}";
      twinSocket = pair[0];
    }
    byte[] text = (json + "}}\0").getBytes(StandardCharsets.UTF_8);
    reply(message, concat(new byte[4], text), twin ? new int[] {pair[1]} : new int[0]);
    if (twin) {
      Fd.close(pair[1]);
    }
  }

  private void regionInfo(Message message, int index) throws IOException {
    ByteBuffer reply = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    reply.putInt(32).putInt(3).putInt(index).putInt(0).putLong(regions[index].length).putLong(0);
    reply(message, reply.array());
  }

  private void setIrqs(Message message, ByteBuffer body) throws IOException {
    int flags = body.getInt(4);
    int kind = body.getInt(8);
    events.add("irqs %x %d %d %d".formatted(flags, kind, body.getInt(12), body.getInt(16)));
    if (flags == 0x24) {
      int[] before = armed.getOrDefault(kind, new int[0]);
      int[] now = Arrays.copyOf(before, before.length + message.fds().length);
      System.arraycopy(message.fds(), 0, now, before.length, message.fds().length);
      armed.put(kind, now);
    } else if (flags == 0x21) {
      // Who makes noise has not taken every message in: there may be nothing to let go of.
      int[] before = armed.remove(kind);
      if (before != null) {
        Fd.closeAll(before, before.length);
      }
    }
    reply(message, new byte[0]);
  }

  private void write(Message message, ByteBuffer body) throws IOException {
    int region = body.getInt(8);
    int count = body.getInt(12);
    long at = body.getLong(0);
    System.arraycopy(message.payload(), 16, regions[region], (int) at, count);
    StringBuilder value = new StringBuilder();
    for (int i = count - 1; i >= 0; i--) {
      value.append("%02x".formatted(message.payload()[16 + i]));
    }
    events.add("write " + region + " " + Long.toHexString(at) + " " + value);
    if (message.wantsReply()) {
      reply(message, Arrays.copyOf(message.payload(), 16));
    }
  }

  void signal(int kind, int vector) throws IOException {
    EventFd.signal(armed.get(kind)[vector]);
  }

  /** A command of the device's own, and its answer. */
  Message call(int command, byte[] payload) throws IOException {
    int by = twinSocket >= 0 ? twinSocket : socket;
    int id = nextId++;
    send(by, header(id, command, 0, 0, payload.length), payload);
    while (true) {
      Message reply = receive(by);
      if (reply == null) {
        throw new AssertionError("hung up");
      }
      if (reply.isReply() && reply.id() == id) {
        return reply;
      }
      handle(reply);
    }
  }

  /** DMA_READ of the device's own: the data, or null if it was refused. */
  byte[] dmaRead(long address, int bytes) throws IOException {
    Message reply = call(11, longs(address, bytes));
    return reply.isError() ? null : Arrays.copyOfRange(reply.payload(), 16, 16 + bytes);
  }

  boolean dmaWrite(long address, byte... data) throws IOException {
    return !call(12, concat(longs(address, data.length), data)).isError();
  }

  void reply(Message to, byte[] payload, int... fds) throws IOException {
    if (to.wantsReply()) {
      send(socket, header(to.id(), to.command(), 1, 0, payload.length), payload, fds);
    }
  }

  void refuse(Message to, int errno) throws IOException {
    send(socket, header(to.id(), to.command(), 1 | ERROR, errno, 0), new byte[0]);
  }

  /** Anything. */
  void raw(byte[] bytes, int... fds) throws IOException {
    send(socket, bytes, new byte[0], fds);
  }

  static byte[] header(int id, int command, int flags, int errno, int payloadBytes) {
    ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    header.putShort((short) id).putShort((short) command).putInt(16 + payloadBytes);
    return header.putInt(flags).putInt(errno).array();
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return bytes.array();
  }

  static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private void send(int by, byte[] header, byte[] payload, int... fds) throws IOException {
    byte[] bytes = concat(header, payload);
    MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    for (int sent = 0; sent < bytes.length; ) {
      int now = unix.send(by, buffer, sent, bytes.length - sent, fds, sent == 0 ? fds.length : 0);
      sent += Math.max(0, now);
      checkTime(deadlineNs);
    }
  }

  /** Null when the client has hung up, or the test is over. */
  private Message receive(int by) throws IOException {
    List<Integer> fds = new ArrayList<>();
    byte[] header = read(by, 16, fds, Long.MAX_VALUE);
    if (header == null) {
      return null;
    }
    ByteBuffer view = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    byte[] payload = read(by, view.getInt(4) - 16, fds, deadlineNs);
    return new Message(
        view.getShort(0) & 0xFFFF,
        view.getShort(2) & 0xFFFF,
        view.getInt(8),
        view.getInt(12),
        payload,
        fds.stream().mapToInt(i -> i).toArray());
  }

  private byte[] read(int by, int bytes, List<Integer> fds, long deadlineNs) throws IOException {
    byte[] result = new byte[bytes];
    int[] came = new int[UnixMessage.FDS_MAX];
    for (int got = 0; got < bytes; ) {
      int now = unix.receive(by, buffer, 0, bytes - got);
      if (now == Fd.END || closed) {
        return null;
      }
      if (now == Fd.AGAIN) {
        pause();
        checkTime(deadlineNs);
        continue;
      }
      int count = unix.takeFds(came, 0);
      for (int i = 0; i < count; i++) {
        fds.add(came[i]);
      }
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, result, got, now);
      got += now;
    }
    return result;
  }

  private static void checkTime(long deadlineNs) {
    if (System.nanoTime() - deadlineNs > 0 && deadlineNs != Long.MAX_VALUE) {
      throw new AssertionError("the client does nothing");
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
      Fd.close(listener);
      Fd.unlink(path.toString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } catch (ErrnoException e) {
      throw new UncheckedIOException(e);
    }
    if (failure != null) {
      throw new AssertionError("the device server failed", failure);
    }
  }
}
