package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.Call;
import farslot.function.Calls;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardUnavailableException;
import farslot.linux.EventLoop;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls against the JDK's own sockets, on loopback. */
class TcpCallsTest {
  private final EventLoop loop = new EventLoop("calls", 0);
  private final LoopPort port = new LoopPort(loop);
  private final BackEndFactory factory = new BackEndFactory(loop);
  private Thread thread;

  /** Takes what it is told to, and notes what it hears. */
  private static final class Seen implements Call.Listener {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    volatile boolean connected;
    volatile int taken;
    volatile int appetite = Integer.MAX_VALUE;
    volatile int rooms;
    volatile Call.End end;

    @Override
    public void onConnected() {
      assertThat(connected).isFalse();
      connected = true;
    }

    @Override
    public int onBytes(MemorySegment data, long offset, int count) {
      assertThat(connected).isTrue();
      assertThat(end).isNull();
      int take = Math.min(count, appetite);
      synchronized (bytes) {
        bytes.writeBytes(data.asSlice(offset, take).toArray(ValueLayout.JAVA_BYTE));
      }
      taken += take;
      return take;
    }

    @Override
    public void onRoom() {
      rooms++;
    }

    @Override
    public void onEnded(Call.End how) {
      assertThat(end).isNull();
      end = how;
    }
  }

  private Calls open(Map<String, ?> config) throws Exception {
    return factory.calls(new CardConfig("port", config));
  }

  private void run() {
    thread = loop.start();
  }

  @AfterEach
  void close() throws Exception {
    loop.close();
    if (thread != null) {
      thread.join();
    }
    factory.close();
  }

  private static MemorySegment bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, bytes);
  }

  @Test
  void callsOutAndIsHeard() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Calls calls = open(Map.of());
      run();
      Seen seen = new Seen();
      Call[] call = new Call[1];
      port.call(
          () -> {
            call[0] = calls.dial("localhost:" + server.getLocalPort());
            call[0].open(seen);
          });
      try (Socket other = server.accept()) {
        port.until(() -> seen.connected);
        port.call(() -> assertThat(call[0].send(bytes("hello"), 0, 5)).isEqualTo(5));
        assertThat(new String(other.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
            .isEqualTo("hello");
        other.getOutputStream().write("welcome".getBytes(StandardCharsets.US_ASCII));
        port.until(() -> seen.taken == 7);
      }
      port.until(() -> seen.end == Call.End.HUNG_UP);
    }
  }

  @Test
  void whatIsNotTakenComesAgainAndTheEndComesBehindIt() throws Exception {
    Calls calls = open(Map.of("listen", "127.0.0.1:0"));
    Seen seen = new Seen();
    seen.appetite = 0;
    LinkedBlockingQueue<Call> come = new LinkedBlockingQueue<>();
    calls.open(come::add);
    run();
    int at = Integer.parseInt(calls.toString().substring(calls.toString().indexOf(':') + 1));
    byte[] sent = new byte[100_000];
    new java.util.Random(5).nextBytes(sent);
    try (Socket other = new Socket(InetAddress.getLoopbackAddress(), at)) {
      Call call = come.poll(120, TimeUnit.SECONDS);
      assertThat(call).isNotNull();
      port.call(() -> call.open(seen));
      other.getOutputStream().write(sent);
      other.shutdownOutput();
      port.until(() -> seen.connected);
      assertThat(seen.end).isNull();
      seen.appetite = 777;
      port.call(call::resume);
      port.until(() -> seen.end == Call.End.HUNG_UP);
      assertThat(seen.bytes.toByteArray()).isEqualTo(sent);
    }
  }

  @Test
  void aFullConnectionTakesLessAndTellsOfRoom() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Calls calls = open(Map.of());
      run();
      Seen seen = new Seen();
      Call[] call = new Call[1];
      port.call(
          () -> {
            call[0] = calls.dial("127.0.0.1:" + server.getLocalPort());
            call[0].open(seen);
          });
      try (Socket other = server.accept()) {
        port.until(() -> seen.connected);
        MemorySegment much = Arena.ofAuto().allocate(1 << 24);
        int[] took = new int[1];
        port.call(
            () -> {
              int took1;
              do {
                took1 = call[0].send(much, 0, 1 << 20);
                took[0] += took1;
              } while (took1 == 1 << 20);
            });
        assertThat(other.getInputStream().readNBytes(took[0])).hasSize(took[0]);
        port.until(() -> seen.rooms == 1);
        port.call(call[0]::close);
        assertThat(other.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void whatWasSaidLastArrivesAlthoughTheOtherHasSentUnread() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Calls calls = open(Map.of());
      run();
      Seen seen = new Seen();
      seen.appetite = 0;
      Call[] call = new Call[1];
      port.call(
          () -> {
            call[0] = calls.dial("127.0.0.1:" + server.getLocalPort());
            call[0].open(seen);
          });
      try (Socket other = server.accept()) {
        other.getOutputStream().write(new byte[10_000]);
        port.until(() -> seen.connected);
        port.call(
            () -> {
              call[0].send(bytes("good-bye"), 0, 8);
              call[0].close();
            });
        assertThat(other.getInputStream().readAllBytes())
            .isEqualTo("good-bye".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  @Test
  void whereNobodyListensIsRefusedAndWhatIsNowhereIsUnreachable() throws Exception {
    int free;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = server.getLocalPort();
    }
    Calls calls = open(Map.of());
    run();
    Seen refused = new Seen();
    Seen nowhere = new Seen();
    port.call(() -> calls.dial("127.0.0.1:" + free).open(refused));
    port.call(() -> calls.dial("name.invalid:23").open(nowhere));
    port.until(() -> refused.end != null && nowhere.end != null);
    assertThat(refused.end).isEqualTo(Call.End.REFUSED);
    assertThat(nowhere.end).isEqualTo(Call.End.UNREACHABLE);
    assertThat(refused.connected).isFalse();
  }

  @Test
  void aCallThatIsAbandonedSaysNothingMore() throws Exception {
    Calls calls = open(Map.of());
    run();
    Seen seen = new Seen();
    port.call(
        () -> {
          Call call = calls.dial("localhost:9");
          call.open(seen);
          call.close();
        });
    Seen later = new Seen();
    port.call(() -> calls.dial("name.invalid:23").open(later));
    port.until(() -> later.end != null);
    assertThat(seen.connected).isFalse();
    assertThat(seen.end).isNull();
  }

  @Test
  void aListenerThatCannotBeHadSaysWhy() throws Exception {
    assertThatThrownBy(() -> open(Map.of("listen", "nonsense")))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining("127.0.0.1:7600");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> open(Map.of("listen", "127.0.0.1:" + server.getLocalPort())))
          .isInstanceOf(CardUnavailableException.class)
          .hasMessageContaining("port that is free");
    }
  }

  @Test
  void addressesAreHostsAndPorts() throws Exception {
    Calls calls = open(Map.of());
    assertThat(calls.readable("bbs.example.org:23")).isTrue();
    assertThat(calls.readable("[2001:db8::1]:23")).isTrue();
    for (String wrong :
        new String[] {
          "",
          ":",
          "a",
          "a:",
          ":23",
          "a:0",
          "a:65536",
          "a:-1",
          "::1:23",
          "a b:1",
          "[]:1",
          "[a]:1",
          "a:999999999999"
        }) {
      assertThat(calls.readable(wrong)).as(wrong).isFalse();
    }
  }
}
