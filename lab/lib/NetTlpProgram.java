import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/**
 * A program as one writes it for LibTLP, for scenarios that have no C compiler. It knows NetTLP's format from its description
 * alone and shares no code with Farslot.
 *
 * <pre>
 * java NetTlpProgram.java ADAPTER HERE read ADDRESS BYTES     prints the bytes of the server's memory, or 'status N'
 * java NetTlpProgram.java ADAPTER HERE write ADDRESS HEX      writes them
 * java NetTlpProgram.java ADAPTER HERE signal VECTOR          waits until the vector is armed, writes its message
 * java NetTlpProgram.java ADAPTER HERE memory                 is a memory behind BAR4, until it is killed
 * java NetTlpProgram.java ADAPTER HERE noise SEED COUNT       datagrams that should not be
 * </pre>
 */
final class NetTlpProgram {
  private static final int DEVICE = 0x3000, HOST = 0x4000, MESSAGES = 0x2FFF;
  private static final int TAG = 5;

  private final InetAddress adapter;
  private final InetAddress here;

  private NetTlpProgram(String adapter, String here) throws IOException {
    this.adapter = InetAddress.getByName(adapter);
    this.here = InetAddress.getByName(here);
  }

  public static void main(String[] args) throws Exception {
    NetTlpProgram program = new NetTlpProgram(args[0], args[1]);
    switch (args[2]) {
      case "read" -> program.read(Long.decode(args[3]), Integer.parseInt(args[4]));
      case "write" -> program.write(Long.decode(args[3]), HexFormat.of().parseHex(args[4]));
      case "signal" -> program.signal(Integer.parseInt(args[3]));
      case "memory" -> program.memory();
      case "noise" -> program.noise(Long.parseLong(args[3]), Integer.parseInt(args[4]));
      default -> throw new IllegalArgumentException(args[2]);
    }
  }

  private DatagramSocket socket(int port) throws IOException {
    DatagramSocket socket = new DatagramSocket(new InetSocketAddress(here, port));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private void send(DatagramSocket from, int port, byte[] bytes) throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, adapter, port));
  }

  private static byte[] receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
    at.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  /** MRd (type 0x00) or MWr (0x40) from any byte on; 3 DW below 4 GiB. */
  private static byte[] request(int type, long address, int bytes, byte[] data) {
    int lead = (int) address & 3;
    int dws = (lead + bytes + 3) / 4;
    int first = (dws == 1 ? (1 << lead + bytes) - 1 : 0xF) & 0xF << lead & 0xF;
    int tail = (lead + bytes) % 4;
    int last = dws == 1 ? 0 : tail == 0 ? 0xF : (1 << tail) - 1;
    boolean wide = address >>> 32 != 0;
    ByteBuffer to = ByteBuffer.allocate(6 + (wide ? 16 : 12) + (type == 0 ? 0 : 4 * dws)).position(6);
    to.putInt((type | (wide ? 0x20 : 0)) << 24 | dws & 0x3FF);
    to.putInt(0x0100 << 16 | TAG << 8 | last << 4 | first);
    if (wide) to.putLong(address & ~3);
    else to.putInt((int) address & ~3);
    if (type != 0) to.position(to.position() + lead).put(data);
    return to.array();
  }

  private void read(long address, int bytes) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (DatagramSocket socket = socket(DEVICE + TAG)) {
      send(socket, DEVICE + TAG, request(0x00, address, bytes, new byte[0]));
      while (all.size() < bytes) {
        byte[] answer = receive(socket);
        if (answer[6] != 0x4A) {
          System.out.println("status " + (answer[12] >> 5 & 7));
          return;
        }
        int lead = answer[17] & 3;
        all.write(answer, 18 + lead, Math.min(answer.length - 18 - lead, bytes - all.size()));
      }
    }
    System.out.println(HexFormat.of().formatHex(all.toByteArray()));
  }

  private void write(long address, byte[] data) throws IOException {
    try (DatagramSocket socket = socket(DEVICE + TAG)) {
      for (int at = 0; at < data.length; at += 128) {
        byte[] piece = Arrays.copyOfRange(data, at, Math.min(data.length, at + 128));
        send(socket, DEVICE + TAG, request(0x40, address + at, piece.length, piece));
      }
    }
  }

  private ByteBuffer ask(int question) throws IOException {
    try (DatagramSocket socket = socket(0)) {
      send(socket, MESSAGES, new byte[] {(byte) question, 0, 0, 0});
      return ByteBuffer.wrap(receive(socket)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private void signal(int vector) throws IOException, InterruptedException {
    for (int tries = 0; tries < 300; tries++) {
      ByteBuffer table = ask(3);
      long address = table.getLong(12 * vector);
      if (address != 0) {
        byte[] data = new byte[4];
        table.get(12 * vector + 8, data);
        write(address, data);
        System.out.printf("signalled %d at %x%n", vector, address);
        return;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("vector " + vector + " was never armed");
  }

  /** As much memory as anybody touches, address for address. */
  private void memory() throws IOException {
    byte[] memory = new byte[1 << 20];
    Selector selector = Selector.open();
    for (int port = HOST; port < HOST + 16; port++) {
      DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(here, port));
      channel.connect(new InetSocketAddress(adapter, port)).configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
    }
    System.out.printf("memory at %x%n", ask(1).getLong());
    ByteBuffer request = ByteBuffer.allocate(8192);
    while (selector.select() >= 0) {
      for (SelectionKey key : selector.selectedKeys()) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        while (channel.read(request.clear()) > 0) {
          serve(memory, request.flip(), channel);
        }
      }
      selector.selectedKeys().clear();
    }
  }

  private static void serve(byte[] memory, ByteBuffer tlp, DatagramChannel channel) throws IOException {
    int dw0 = tlp.getInt(6);
    int dw1 = tlp.getInt(10);
    boolean wide = (dw0 >> 24 & 0x20) != 0;
    int bytes = 4 * ((dw0 - 1 & 0x3FF) + 1);
    int at = (int) (wide ? tlp.getLong(14) : tlp.getInt(14)) & memory.length - 1;
    int first = dw1 & 0xF;
    int last = bytes == 4 ? first : dw1 >> 4 & 0xF;
    int lead = first == 0 ? 0 : Integer.numberOfTrailingZeros(first);
    int behind = last == 0 ? 3 : Integer.numberOfLeadingZeros(last) - 28;
    if ((dw0 >> 24 & 0x5F) == 0x40) {
      tlp.get(wide ? 22 + lead : 18 + lead, memory, at + lead, bytes - lead - behind);
    } else if ((dw0 >> 24 & 0x5F) == 0x00) {
      ByteBuffer answer = ByteBuffer.allocate(18 + bytes).position(6);
      answer.putInt(0x4A << 24 | bytes / 4 & 0x3FF).putInt(0x0100 << 16 | bytes - lead - behind);
      answer.putInt(dw1 & 0xFFFFFF00 | at + lead & 0x7F).put(memory, at, bytes).flip();
      channel.write(answer);
    }
  }

  /** Half of them nearly right. */
  private void noise(long seed, int count) throws IOException {
    Random random = new Random(seed);
    int[] ports = {MESSAGES, DEVICE, DEVICE + 1, DEVICE + 255, HOST, HOST + 1, HOST + 15, 0x5001};
    DatagramSocket[] sockets = new DatagramSocket[ports.length];
    for (int i = 0; i < ports.length; i++) sockets[i] = socket(ports[i]);
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(ports.length);
      byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 40 : 9000)];
      random.nextBytes(bytes);
      if (random.nextBoolean() && bytes.length >= 18) {
        int[] types = {0x00, 0x20, 0x40, 0x60, 0x0A, 0x4A};
        ByteBuffer.wrap(bytes).putInt(6, types[random.nextInt(types.length)] << 24 | random.nextInt(1024));
      }
      send(sockets[at], ports[at], bytes);
    }
    for (DatagramSocket socket : sockets) socket.close();
    System.out.println("sent " + count + ", seed " + seed);
  }
}
