package farslot.bench.rails;

import farslot.carrier.EthernetAddress;
import farslot.carrier.EthernetDialer;
import farslot.carrier.EthernetListener;
import farslot.carrier.LinkDriver;
import farslot.carrier.Offering;
import farslot.link.AttachListener;
import farslot.link.AttachRefusal;
import farslot.link.Credits;
import farslot.link.FunctionIdentity;
import farslot.link.LinkAcceptor;
import farslot.link.LinkConfig;
import farslot.link.LinkEvent;
import farslot.link.LinkInitiator;
import farslot.link.LinkStream;
import farslot.linux.EventLoop;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A read request there and its completion back, through link and carrier over raw Ethernet. */
final class LinkPingPong {
  private static final String FUNCTION = "echo";
  private static final int READ_BYTES = 16;
  private static final int COMPLETION_BYTES = 12;
  private static final int DATA_BYTES = 4;
  private static final FunctionIdentity IDENTITY =
      new FunctionIdentity(0x1B36, 0x10, 0x010802, 1, 0x1AF4, 0x1100, 0);

  private LinkPingPong() {}

  /** The appliance's end: answers each request. */
  static final class Answerer implements TlpIn {
    private final TlpView view = new TlpView();
    private LinkStream stream;

    /** On the loop. */
    static void listen(EventLoop loop, String address) throws IOException {
      Answerer answerer = new Answerer();
      LinkAcceptor acceptor =
          new LinkAcceptor(
              LinkConfig.of("bench", 1),
              request -> answerer.stream = request.accept(answerer, 1, Credits.DEFAULT, IDENTITY),
              event -> {},
              new SecureRandom());
      new EthernetListener(
          loop,
          EthernetAddress.parse(address),
          acceptor,
          new Offering("bench", 1, () -> List.of(FUNCTION)));
      new LinkDriver(loop, acceptor);
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      view.wrap(segment, offset, tlpBytes);
      int bytes = COMPLETION_BYTES + DATA_BYTES;
      long at = stream.claim(FlowClass.COMPLETION, bytes, DATA_BYTES);
      TlpEncoder.completionWithData(
          stream.segment(), at, 0x100, 0, view.tag(), DATA_BYTES, 0, DATA_BYTES);
      stream.commit();
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {}
  }

  /** The initiator's end: one request at a time. */
  static final class Asker implements TlpIn, AttachListener {
    private final LinkInitiator initiator;
    private final Runnable ready;
    private LinkStream stream;
    private Histogram into;
    private Runnable finished;
    private long endNs;
    private long begunNs;

    /**
     * Connects. On the loop.
     *
     * @param ready called once there is something to ask
     */
    Asker(EventLoop loop, String address, Runnable ready) {
      this.ready = ready;
      initiator =
          new LinkInitiator(
              LinkConfig.of("server", 2),
              new EthernetDialer(loop, EthernetAddress.parse(address)),
              this::onEvent,
              new SecureRandom());
      new LinkDriver(loop, initiator);
      initiator.start(loop.nowNs());
    }

    private void onEvent(LinkEvent event) {
      if (event instanceof LinkEvent.SessionUp) {
        initiator.attach(FUNCTION, 0, Credits.DEFAULT, this, this);
      }
    }

    /** Asks again and again for a time; what each took goes into the histogram. On the loop. */
    void run(long forNs, Histogram into, Runnable finished) {
      this.into = into;
      this.finished = finished;
      begunNs = System.nanoTime();
      endNs = begunNs + forNs;
      say();
    }

    private void say() {
      long at = stream.claim(FlowClass.NON_POSTED, READ_BYTES, 0);
      TlpEncoder.memoryRead(stream.segment(), at, 0, 7, 1L << 40, DATA_BYTES);
      stream.commit();
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      long nowNs = System.nanoTime();
      into.recordValue(nowNs - begunNs);
      begunNs = nowNs;
      if (nowNs < endNs) {
        say();
      } else {
        finished.run();
      }
    }

    @Override
    public void onAttached(LinkStream stream, FunctionIdentity identity) {
      this.stream = stream;
      ready.run();
    }

    @Override
    public void onRefused(AttachRefusal code, String holder, String text) {
      throw new IllegalStateException(text);
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {}
  }
}
