package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.util.List;

/**
 * How much of what a card sends over the wire is payload, when it writes to the server's memory by
 * TLPs of 4 KiB. Counted at the interface: Ethernet headers are in it, and whatever is sent again;
 * preamble, check sequence and gap (24 bytes a frame) are not.
 */
final class PayloadShare implements Measurement {
  private static final int MBIT = 400;
  private static final int BYTES = 128 << 10;
  private static final int DEPTH = 8;

  private final RailKind kind;
  private final int mtu;
  private final Rounded share = new Rounded();
  private final Rounded back = new Rounded();

  PayloadShare(RailKind kind, int mtu) {
    this.kind = kind;
    this.mtu = mtu;
  }

  @Override
  public List<Figure> asked() {
    String suffix = mtu + "_" + kind.word();
    return List.of(
        new Figure(
            "payload_share_mtu_" + suffix,
            "payload of the bytes on the wire, MTU %d, %s".formatted(mtu, kind.word()),
            share,
            Goal.atLeast(mtu >= 9000 ? 0.97 : 0.90),
            ""),
        new Figure(
            "answers_share_mtu_" + suffix,
            "bytes the other way for each of payload, MTU %d, %s".formatted(mtu, kind.word()),
            back,
            Goal.NONE,
            ""));
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    try (RailRig rig = new RailRig(Cables.Plan.direct(1).withMtu(mtu), setup.spinUs())) {
      rig.cables().shape(0, MBIT);
      try (RailSession session = rig.open(kind, List.of(0), new Stream.Load(false, BYTES, DEPTH))) {
        Thread.sleep(Setup.SETTLE_NS / 1_000_000);
        for (int round = 0; round < Setup.ROUNDS; round++) {
          round(rig, session, setup.windowNs());
        }
      }
    }
    return asked();
  }

  private void round(RailRig rig, RailSession session, long forNs) throws Exception {
    Cables cables = rig.cables();
    session.pause(); // What is counted between two rests is complete.
    Stream.Progress before = session.progress();
    long there = cables.sent(cables.appliance(), 0);
    long here = cables.sent(cables.initiator(), 0);
    session.proceed();
    Thread.sleep(forNs / 1_000_000);
    session.pause();
    double bytes = session.progress().bytes() - before.bytes();
    share.add(bytes / (cables.sent(cables.appliance(), 0) - there));
    back.add((cables.sent(cables.initiator(), 0) - here) / bytes);
    session.proceed();
  }
}
