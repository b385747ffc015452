package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Frames made of random bytes, and good ones with random bytes in them: the check lets nothing
 * through that a view would trip over, and neither end's session ever throws or delivers a TLP that
 * is malformed.
 */
class FrameFuzzTest {
  private static final int ITERATIONS = 20_000;

  /** Good frames of every type and record kind, to be spoilt. */
  private static List<byte[]> corpus(int session, int stream) {
    List<byte[]> all = new ArrayList<>();
    byte[] hello = Frames.helloBody(16640, 11, 1, 2, "server-1");
    all.add(Frames.frame(Frames.HELLO, 0, session, 0, 1, hello));
    all.add(Frames.frame(Frames.WELCOME, 0, session, 0, 1, hello));
    all.add(Frames.frame(Frames.REFUSE, 0, session, 0, 1, new byte[] {0, 2, 0, 2, 'n', 'o', 0, 0}));
    all.add(Frames.frame(Frames.BYE, 0, session, 0, 1, new byte[] {0, 2, 0, 2, 'n', 'o', 0, 0}));
    all.add(Frames.frame(Frames.ACK, 0, session, 0, 1));
    all.add(
        Frames.frame(
            Frames.DATA,
            0,
            session,
            0,
            1,
            Frames.tlp(stream, 9, Frames.memoryWrite(64)),
            Frames.tlp(stream, 9, Frames.memoryRead()),
            Frames.record(stream, 1, 1, 9, Frames.memoryWrite(16)),
            Frames.credit(stream, 9, 1, 80, 2000),
            Frames.record(stream, 3, 0, 9, new byte[0]),
            Frames.record(stream, 0x90, 0, 9, new byte[7])));
    all.add(
        Frames.frame(
            Frames.DATA,
            0,
            session,
            0,
            1,
            Frames.attach(2, 3, 64, 1024, "second"),
            Frames.attached(2, stream + 1, 9, 64, 1024),
            Frames.record(0, 0x12, 0, 0, new byte[] {0, 2, 0, 1, 1, 0, 0, 2, 'h', 'n', 'o'}),
            Frames.parting(stream, 0x13, 9, "bye"),
            Frames.parting(stream, 0x14, 9, "bye")));
    return all;
  }

  private static byte[] spoil(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    int spoilt = random.nextInt(4);
    for (int i = 0; i < spoilt; i++) {
      int at = 3 + random.nextInt(bytes.length - 3);
      bytes[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
            default -> (byte) (random.nextBoolean() ? 0 : 0xFF);
          };
    }
    if (random.nextInt(8) == 0) {
      bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
    }
    return bytes;
  }

  @Test
  void theCheckMakesEveryAccessorSafe() {
    long seed = Fuzz.seed();
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> corpus = corpus(7, 1);
    FrameCheck check = new FrameCheck();
    FrameView view = new FrameView();
    int good = 0;
    for (int i = 0; i < Fuzz.iterations(ITERATIONS); i++) {
      byte[] bytes =
          random.nextInt(5) == 0
              ? randomBytes(random)
              : spoil(corpus.get(random.nextInt(corpus.size())), random);
      try (Arena arena = Arena.ofConfined()) {
        // Exactly as long as what arrived, so that reading beyond it is found.
        MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
        FrameError error = check.check(segment, 0, bytes.length, 16640, false);
        if (error == null) {
          good++;
          walk(view.wrap(segment, 0));
        }
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", iteration " + i, e);
      }
    }
    assertThat(good).as("seed %d: frames that passed", seed).isPositive();
  }

  private static byte[] randomBytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    if (bytes.length >= 8 && random.nextBoolean()) {
      bytes[0] = 0x50;
      bytes[1] = 0x45;
      bytes[2] = 0x10;
      bytes[3] = (byte) (1 + random.nextInt(6));
      bytes[6] = 0;
      bytes[7] = (byte) (bytes.length & ~3);
    }
    return bytes;
  }

  private static void walk(FrameView view) {
    switch (view.type()) {
      case Frames.HELLO, Frames.WELCOME -> Hello.read(view).peer();
      case Frames.REFUSE, Frames.BYE -> Farewell.read(view).text();
      case Frames.DATA -> {
        while (view.nextRecord()) {
          if (view.bodyBytes() > 0) {
            view.segment().get(ValueLayout.JAVA_BYTE, view.bodyOffset() + view.bodyBytes() - 1);
          }
          switch (view.kind()) {
            case 0x10 -> ControlRecord.Attach.read(view.segment(), view.bodyOffset());
            case 0x11 -> ControlRecord.Attached.read(view.segment(), view.bodyOffset());
            case 0x12 -> ControlRecord.Refused.read(view.segment(), view.bodyOffset());
            case 0x13, 0x14 -> ControlRecord.Parting.readCause(view.segment(), view.bodyOffset());
            default -> {}
          }
        }
      }
      default -> {}
    }
  }

  @Test
  void anAcceptorTakesAnything() {
    long seed = Fuzz.seed();
    SplittableRandom random = new SplittableRandom(seed);
    RawInitiator peer = new RawInitiator().attached();
    long tlps = 0;
    for (int i = 0; i < Fuzz.iterations(ITERATIONS) / 4; i++) {
      try {
        if (peer.rail.closed != null || random.nextInt(200) == 0) {
          peer.connect();
        }
        if (i % 1000 == 0) {
          // What was recorded keeps dead sessions alive.
          tlps += peer.functions.stream().mapToLong(f -> f.tlps.size()).sum();
          peer.functions.clear();
          peer.events.clear();
          peer.requests.clear();
        }
        if (random.nextInt(3) > 0 && peer.rail.sent.isEmpty()) {
          peer.session = peer.acceptor.sessions().isEmpty() ? 0 : peer.live().id();
          peer.expected = 1;
          resumeOrBegin(peer, random);
        }
        peer.seq = peer.acceptor.sessions().isEmpty() ? 1 : peer.live().expected();
        List<byte[]> corpus = corpus(peer.session, 1 + random.nextInt(3));
        byte[] frame = corpus.get(random.nextInt(corpus.size())).clone();
        java.nio.ByteBuffer.wrap(frame).putInt(12, peer.seq);
        peer.say(spoil(frame, random));
        if (random.nextInt(20) == 0) {
          peer.pass(random.nextLong(4_000 * RawInitiator.MS));
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", iteration " + i, e);
      }
    }
    tlps += peer.functions.stream().mapToLong(f -> f.tlps.size()).sum();
    assertThat(tlps).as("seed %d: TLPs delivered in between", seed).isPositive();
  }

  private static void resumeOrBegin(RawInitiator peer, SplittableRandom random) {
    if (peer.session != 0) {
      LinkSession live = peer.live();
      peer.tokenHigh = live.terms().tokenHigh();
      peer.tokenLow = live.terms().tokenLow();
      peer.expected = live.sender().ring.oldestSeq();
    }
    peer.hello();
    if (random.nextBoolean() && !peer.acceptor.sessions().isEmpty()) {
      peer.seq = peer.live().expected();
      peer.data(Frames.attach(1, 0, 64, 1024, "disk"));
    }
  }

  @Test
  void anInitiatorTakesAnything() {
    long seed = Fuzz.seed();
    SplittableRandom random = new SplittableRandom(seed);
    RawAcceptor peer = new RawAcceptor();
    long attached = 0;
    for (int i = 0; i < Fuzz.iterations(ITERATIONS) / 4; i++) {
      try {
        if (peer.dialled) {
          peer.events.clear();
          peer.session = 1 + random.nextInt(100);
          int wanted = peer.connect().session();
          peer.session = wanted == 0 ? peer.session : wanted;
          peer.expected = 1;
          if (random.nextInt(5) > 0) {
            peer.initiator.session().ifPresent(s -> peer.expected = s.sender().ring.oldestSeq());
            peer.welcome();
          }
          Recorder function = new Recorder();
          peer.initiator.attach("disk", 0, Credits.DEFAULT, function, function);
          peer.initiator.flush(peer.nowNs);
        }
        peer.seq = peer.initiator.session().map(LinkSession::expected).orElse(1);
        List<byte[]> corpus = corpus(peer.session, 1 + random.nextInt(3));
        byte[] frame =
            random.nextInt(4) == 0
                ? Frames.frame(
                    Frames.DATA,
                    0,
                    peer.session,
                    0,
                    1,
                    Frames.attached(1 + random.nextInt(3), 1 + random.nextInt(4), 9, 64, 1024))
                : corpus.get(random.nextInt(corpus.size())).clone();
        java.nio.ByteBuffer.wrap(frame).putInt(12, peer.seq);
        peer.say(spoil(frame, random));
        attached += peer.initiator.session().map(LinkSession::streamCount).orElse(0);
        if (peer.rail.closed != null || random.nextInt(20) == 0) {
          peer.pass(random.nextLong(4_000 * RawAcceptor.MS));
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", iteration " + i, e);
      }
    }
    assertThat(attached).as("seed %d: functions attached in between", seed).isPositive();
  }
}
