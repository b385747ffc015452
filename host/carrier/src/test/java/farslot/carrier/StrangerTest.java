package farslot.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.link.LinkTimers;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What callers who do not speak PCIeoE, or not well, get from an appliance's port: a REFUSE that
 * says why, and the end of the connection. The bits are this test's own.
 */
@Timeout(300)
class StrangerTest {
  private static final String HEADER_ZEROES = "00".repeat(32);
  private TcpLab lab;
  private Socket socket;

  @BeforeEach
  void connect() throws Exception {
    // A caller here has 3 s to speak: with the 300 ms of other tests a busy machine was too late.
    lab = new TcpLab(LinkTimers.USUAL, "127.0.0.1:0");
    socket = new Socket(InetAddress.getLoopbackAddress(), lab.listener.port());
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    lab.close();
  }

  private void say(String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** Reads a REFUSE and the connection's end; returns {@code code: text}. */
  private String refusal() throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    assertThat(in.readUnsignedShort()).as("magic").isEqualTo(0x5045);
    assertThat(in.readUnsignedByte()).as("version").isEqualTo(0x12);
    assertThat(in.readUnsignedByte()).as("type REFUSE").isEqualTo(3);
    in.readUnsignedShort();
    int length = in.readUnsignedShort();
    in.skipNBytes(32);
    int code = in.readUnsignedShort();
    byte[] text = new byte[in.readUnsignedShort()];
    in.readFully(text);
    in.skipNBytes(length - 44 - text.length);
    assertThat(in.read()).as("end of the connection").isEqualTo(-1);
    return code + ": " + new String(text, StandardCharsets.UTF_8);
  }

  @Test
  void garbageIsRefused() throws Exception {
    socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
    assertThat(refusal()).isEqualTo("2: this is a PCIeoE port; what came is not: MAGIC");
    assertThat(lab.acceptor.counters().snapshot()).containsEntry("malformed_frames.magic", 1L);
  }

  @Test
  void muchGarbageIsRefusedAndStillReadable() throws Exception {
    byte[] garbage = new byte[300_000];
    socket.getOutputStream().write(garbage);
    assertThat(refusal()).startsWith("2: ");
  }

  @Test
  void anotherMajorVersionIsRefused() throws Exception {
    say("5045 20 01 0000 002c" + HEADER_ZEROES + "deadbeef");
    assertThat(refusal()).isEqualTo("1: you speak PCIeoE version 2, this end speaks version 1");
  }

  @Test
  void aFrameTooShortForAHeaderIsRefused() throws Exception {
    say("5045 10 01 0000 0008");
    assertThat(refusal()).contains("LENGTH");
  }

  @Test
  void aFrameTooLongIsRefused() throws Exception {
    say("5045 10 01 0000 ffff");
    assertThat(refusal()).contains("LENGTH");
  }

  @Test
  void halfAFrameIsRefusedInTime() throws Exception {
    say("5045 10 01 0000 0060" + HEADER_ZEROES.substring(0, 20));
    assertThat(refusal()).isEqualTo("2: no HELLO in time");
  }

  @Test
  void silenceIsRefusedInTime() throws Exception {
    assertThat(refusal()).isEqualTo("2: no HELLO in time");
  }

  @Test
  void dataBeforeHelloIsRefused() throws Exception {
    say("5045 10 04 0000 0028" + HEADER_ZEROES);
    assertThat(refusal()).isEqualTo("2: a connection begins with HELLO");
  }

  @Test
  void aHelloWithoutANameIsRefused() throws Exception {
    say("5045 10 01 0000 005c" + HEADER_ZEROES + "00".repeat(52));
    assertThat(refusal()).contains("BODY");
  }

  @Test
  void aHelloWithImpossibleSizesIsRefused() throws Exception {
    say("5045 10 01 0000 0060" + HEADER_ZEROES + "00".repeat(48) + "04000000" + "6e6f6465");
    assertThat(refusal()).startsWith("6: ");
  }

  @Test
  void anUnknownSessionIsRefused() throws Exception {
    say(
        "5045 10 01 0000 0060 12345678"
            + "00".repeat(28)
            + "00000000 05dc 1000 1000 0000 00100000 00007530 00000bb8"
            + "1122334455667788"
            + "00".repeat(16)
            + "04000000"
            + "6e6f6465");
    assertThat(refusal())
        .isEqualTo("3: session 12345678 is not known here: restarted, or over its hold time");
  }

  @Test
  void theApplianceServesOthersAfterAllThat() throws Exception {
    socket.getOutputStream().write(new byte[5000]);
    assertThat(refusal()).startsWith("2: ");
    TcpLab.Caller caller = lab.attach();
    lab.onInitiator(
        () -> {
          caller.ask(100);
          return null;
        });
    lab.await(() -> caller.answered == 100);
  }
}
