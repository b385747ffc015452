package farslot.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A stranger on an appliance's TCP port who speaks PCIeoE as the test says, with bits of its own.
 * It remembers the session that it got, and what it sent.
 */
final class RawPeer implements AutoCloseable {
  static final int HELLO = 1;
  static final int WELCOME = 2;
  static final int REFUSE = 3;
  static final int DATA = 4;
  static final int ACK = 5;
  static final int BYE = 6;
  private static final int HEADER_BYTES = 40;
  private static final int WAIT_MS = 10_000;

  /** A frame that came. */
  record Frame(int type, int session, int seq, int ack, byte[] body) {
    int code() {
      return ByteBuffer.wrap(body).getShort() & 0xFFFF;
    }
  }

  final List<byte[]> sent = new ArrayList<>();
  int session;
  long tokenHigh;
  long tokenLow;
  int seq = 1;
  int expects = 1;
  int stream;
  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  RawPeer(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(WAIT_MS);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
  }

  /** Bytes as they are. */
  RawPeer say(byte[] bytes) throws IOException {
    sent.add(bytes.clone());
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Nothing more comes from here. */
  void endWriting() throws IOException {
    socket.shutdownOutput();
  }

  // Frames.

  static byte[] frame(int type, int session, int seq, int ack, byte[]... parts) {
    int bytes = HEADER_BYTES;
    for (byte[] part : parts) {
      bytes += part.length;
    }
    ByteBuffer b = ByteBuffer.allocate(bytes);
    b.putShort((short) 0x5045).put((byte) 0x11).put((byte) type).putShort((short) 0);
    b.putShort((short) bytes).putInt(session).putInt(seq).putInt(ack).position(HEADER_BYTES);
    for (byte[] part : parts) {
      b.put(part);
    }
    return b.array();
  }

  static byte[] record(int stream, int kind, int epochTag, byte[] body) {
    ByteBuffer b = ByteBuffer.allocate(8 + (body.length + 3 & ~3));
    b.putShort((short) stream).put((byte) kind).put((byte) 0);
    return b.putShort((short) body.length).putShort((short) epochTag).put(body).array();
  }

  byte[] helloFrame(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = ByteBuffer.allocate(52 + (utf8.length + 3 & ~3));
    b.putInt(0).putShort((short) 16640).putShort((short) 512).putShort((short) 512);
    b.putShort((short) 0).putInt(1 << 20).putInt(30_000).putInt(3_000).putLong(77);
    b.putLong(tokenHigh).putLong(tokenLow).put((byte) utf8.length).put(52, utf8);
    return frame(HELLO, session, 0, expects, b.array());
  }

  RawPeer hello(String name) throws IOException {
    return say(helloFrame(name));
  }

  /** A session of its own. */
  RawPeer up(String name) throws IOException {
    Frame welcome = hello(name).hear();
    if (welcome.type != WELCOME) {
      throw new AssertionError("no WELCOME but " + welcome.type);
    }
    session = welcome.session;
    tokenHigh = ByteBuffer.wrap(welcome.body).getLong(32);
    tokenLow = ByteBuffer.wrap(welcome.body).getLong(40);
    return say(frame(ACK, session, seq, expects));
  }

  /** A function of its own, with the fewest credits for what it sends. */
  RawPeer attach(String function) throws IOException {
    byte[] name = function.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = ByteBuffer.allocate(41 + name.length);
    b.putShort((short) 1).put((byte) name.length).put((byte) 1).putInt(0).putLong(0);
    for (int flow = 0; flow < 3; flow++) {
      b.putInt(64).putInt(1024);
    }
    data(record(0, 0x10, 0, b.put(name).put((byte) 'x').array()));
    ByteBuffer attached = ByteBuffer.wrap(hear(DATA).body);
    stream = attached.getShort(0) & 0xFFFF;
    if (attached.get(2) != 0x11) {
      throw new AssertionError("not attached");
    }
    return this;
  }

  /** The epoch's tag of its function: the first one. */
  int epochTag = 1;

  RawPeer data(byte[]... records) throws IOException {
    return say(frame(DATA, session, seq++, expects, records));
  }

  RawPeer tlp(byte[] tlp) throws IOException {
    return data(record(stream, 1, epochTag, tlp));
  }

  /** CfgRd0 of the first register: something that is answered. */
  static byte[] configRead(int tag) {
    ByteBuffer b = ByteBuffer.allocate(12).putInt(0x04000001).putInt(tag << 8 | 0x0F);
    return b.putInt(0x01000000).array();
  }

  // What comes.

  Frame hear() throws IOException {
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length < HEADER_BYTES) {
      return new Frame(-1, 0, 0, 0, new byte[0]);
    }
    ByteBuffer b = ByteBuffer.wrap(header);
    byte[] body = in.readNBytes((b.getShort(6) & 0xFFFF) - HEADER_BYTES);
    Frame frame = new Frame(b.get(3), b.getInt(8), b.getInt(12), b.getInt(16), body);
    if (frame.type == DATA) {
      expects = frame.seq + 1;
    }
    return frame;
  }

  /** The next frame of this type; what comes before is skipped. -1: the rail's end. */
  Frame hear(int type) throws IOException {
    Frame frame = hear();
    while (frame.type != type && frame.type != -1) {
      frame = hear();
    }
    return frame;
  }

  /** Whether its function answers a request. */
  boolean isServed(int tag) throws IOException {
    tlp(configRead(tag));
    while (true) {
      Frame frame = hear(DATA);
      if (frame.type == -1) {
        return false;
      }
      ByteBuffer body = ByteBuffer.wrap(frame.body);
      while (body.remaining() >= 8) {
        int at = body.position();
        int length = body.getShort(at + 4) & 0xFFFF;
        boolean completion = body.get(at + 2) == 1 && body.get(at + 8) == 0x4A;
        if (completion && (body.get(at + 18) & 0xFF) == tag) {
          return true;
        }
        body.position(at + 8 + (length + 3 & ~3));
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
