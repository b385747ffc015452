package farslot.carrier;

import farslot.link.Discover;
import farslot.link.DiscoveryCodec;
import farslot.link.FrameFormat;
import farslot.link.Offer;
import farslot.linux.EventLoop;
import farslot.linux.MacAddress;
import farslot.linux.NetInterface;
import farslot.pcie.BigEndian;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Asks the appliances of an Ethernet segment, and knows their answers from what others may send
 * (docs/spec/pcieoe.md, section 10.2). On the loop's thread only.
 */
final class EthernetScout implements EthernetPort.Handler, AutoCloseable {
  /** Questions that are open at a time; beyond, the oldest attempts are forgotten together. */
  private static final int QUESTIONS_MAX = 512;

  /** Who wants to know. */
  interface Report {
    /**
     * Somebody answered.
     *
     * @param frameBytes length of the question and of the answer: both came through
     */
    void onOffer(MacAddress from, Offer offer, int frameBytes);

    /** The interface went down or away. */
    void onScoutDown(String cause);
  }

  /** A DISCOVER that is out: whom it went to, how long it was. */
  private record Question(MacAddress to, int frameBytes) {}

  private final EthernetAddress address;
  private final EthernetBuffers buffers;
  private final Report report;
  private final EthernetCounters counters;
  private final RandomGenerator random;
  private final DiscoveryCodec codec = new DiscoveryCodec();
  private final Map<Long, Question> questions = new HashMap<>();
  private final EthernetPort port;

  /**
   * @param random for nonces and the port: must be unpredictable
   */
  EthernetScout(
      EventLoop loop,
      EthernetAddress address,
      NetInterface at,
      EthernetBuffers buffers,
      Report report,
      EthernetCounters counters,
      RandomGenerator random)
      throws IOException {
    this.address = address;
    this.buffers = buffers;
    this.report = report;
    this.counters = counters;
    this.random = random;
    int own = drawPort(random);
    port = new EthernetPort(loop, address, at, own, false, buffers, this, counters);
  }

  /** A port that is not one where somebody listens. */
  static int drawPort(RandomGenerator random) {
    return random.nextInt(EthernetFormat.DRAWN_PORT_LEAST, EthernetFormat.PORT_MAX + 1);
  }

  /** Asks all appliances, or the one of a name. */
  void askAll(String nodeName, int frameBytes) {
    ask(EthernetFormat.APPLIANCES, nodeName, frameBytes);
  }

  /** Asks one station, by a frame of a length that is to come through. */
  void ask(MacAddress station, int frameBytes) {
    ask(station, "", frameBytes);
  }

  private void ask(MacAddress to, String nodeName, int frameBytes) {
    if (questions.size() == QUESTIONS_MAX) {
      questions.clear();
    }
    long nonce = random.nextLong();
    questions.put(nonce, new Question(to, frameBytes));
    codec.write(buffers.scratch(), 0, new Discover(nonce, nodeName), frameBytes);
    port.send(to, address.port(), buffers.scratch(), frameBytes);
  }

  @Override
  public void onPacket(
      MemorySegment segment, long frameAt, int available, MacAddress from, int fromPort) {
    if (codec.check(segment, frameAt, available) != null) {
      counters.droppedMalformed++;
      return;
    }
    if (BigEndian.u8(segment, frameAt + FrameFormat.TYPE_AT) != FrameFormat.OFFER) {
      counters.droppedUnexpected++;
      return;
    }
    Offer offer = Offer.read(segment, frameAt);
    int frameBytes = BigEndian.u16(segment, frameAt + FrameFormat.LENGTH_AT);
    Question question = questions.get(offer.nonce());
    if (fromPort != address.port()
        || question == null
        || question.frameBytes != frameBytes
        || !question.to.isGroup() && !question.to.equals(from)) {
      counters.droppedStrangers++;
      return;
    }
    report.onOffer(from, offer, frameBytes);
  }

  @Override
  public void onPortDown(String cause) {
    report.onScoutDown(cause);
  }

  @Override
  public void close() {
    port.close();
  }
}
