package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.FrameEncoder;
import farslot.link.FrameFormat;
import farslot.linux.EventLoop;
import farslot.linux.TcpSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** A rail over a real socket whose other end the test holds. */
class TcpRailTest {
  private static final int FRAME_BYTES = 16_384;

  /** What a rail takes while nobody reads at the other end. */
  private static long taken(boolean shared) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        EventLoop loop = new EventLoop("test", 0)) {
      InetSocketAddress to = (InetSocketAddress) server.getLocalSocketAddress();
      TcpRail rail = new TcpRail(loop, TcpSocket.connect(to), "test");
      try (Socket peer = server.accept()) {
        assertThat(peer.isConnected()).isTrue();
        rail.sharesLoad(shared);
        MemorySegment frame = Arena.ofAuto().allocate(FRAME_BYTES);
        FrameEncoder.header(frame, 0, FrameFormat.DATA, 1, 1);
        FrameEncoder.length(frame, 0, FRAME_BYTES);
        long bytes = 0;
        while (rail.send(frame, 0, FRAME_BYTES) == FRAME_BYTES && bytes < 1 << 28) {
          bytes += FRAME_BYTES;
        }
        return bytes;
      } finally {
        rail.close("the test is over");
      }
    }
  }

  @Test
  void oneAmongSeveralRailsKeepsLittleWaiting() throws IOException {
    long alone = taken(false);
    long shared = taken(true);
    assertThat(shared).isPositive().isLessThan(alone / 2);
  }
}
