package farslot.bench.rails;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An ordinary TCP connection (CUBIC) and one of our rails on the same wire, in the same direction:
 * what each gets. Half for each is fair.
 */
final class Fairness implements Measurement {
  private static final int MBIT = 100;
  private static final int BYTES = 16 << 10;
  private static final int DEPTH = 127;

  private final RailKind kind;
  private final Rounded share = new Rounded();
  private final Rounded used = new Rounded();
  private String control = "";

  Fairness(RailKind kind) {
    this.kind = kind;
  }

  @Override
  public List<Figure> asked() {
    return List.of(
        new Figure(
            "tcp_share_" + kind.word(),
            "share of a TCP stream beside one %s rail (0.5 is fair)".formatted(kind.word()),
            share,
            Goal.NONE,
            control),
        new Figure(
            "tcp_beside_used_" + kind.word(),
            "payload of both over what the wire carries, %s".formatted(kind.word()),
            used,
            Goal.NONE,
            ""));
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    try (RailRig rig = new RailRig(Cables.Plan.switched(1), setup.spinUs())) {
      rig.cables().shape(0, MBIT);
      control = "TCP's congestion control: " + rig.cables().appliance().call(Fairness::control);
      try (RailSession session = rig.open(kind, List.of(0), new Stream.Load(false, BYTES, DEPTH))) {
        for (int round = 0; round < Setup.ROUNDS; round++) {
          Thread.sleep(Setup.SETTLE_NS / 1_000_000);
          round(rig.cables(), session, setup);
        }
      }
    }
    return asked();
  }

  private static String control() throws IOException {
    return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control")).strip();
  }

  private void round(Cables cables, RailSession session, Setup setup) throws Exception {
    try (Bystander bystander = new Bystander(cables)) {
      Thread.sleep(3 * Setup.SETTLE_NS / 1_000_000);
      Stream.Progress before = session.progress();
      long theirs = bystander.received();
      Thread.sleep(3 * setup.windowNs() / 1_000_000);
      Stream.Progress after = session.progress();
      double their = (bystander.received() - theirs) * 1e9 / (after.atNs() - before.atNs());
      double our = after.since(before);
      share.add(their / (their + our));
      used.add((their + our) * 8 / (MBIT * 1e6));
    }
  }
}
