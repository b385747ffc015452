package farslot.bench.peers;

import farslot.bench.path.Load;
import farslot.bench.path.PathRig;
import farslot.bench.path.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Farslot's own path: appliance and driver in software, a thread each. */
final class Ours implements Peer {
  private static final double WARM_UP_SECONDS = 1.5;

  private final int spinUs;

  Ours(int spinUs) {
    this.spinUs = spinUs;
  }

  @Override
  public String key() {
    return "farslot";
  }

  @Override
  public String words() {
    return "";
  }

  @Override
  public List<String> needs() {
    return List.of();
  }

  @Override
  public String toGet() {
    return "";
  }

  @Override
  public Disk open(Tools tools, Path dir) throws Exception {
    PathRig rig = new PathRig(spinUs, Map.of(), PathRig.Between.NOBODY);
    Driven driven = new Driven(rig);
    for (Load each : PeerBench.LOADS) {
      driven.perSecond(each, WARM_UP_SECONDS);
    }
    return driven;
  }

  /** It sleeps when it has nothing to do: there is nothing to pause. */
  private record Driven(PathRig rig) implements Disk {
    @Override
    public double perSecond(Load load, double seconds) throws Exception {
      Sample sample = rig.run(load, (long) (seconds * 1e9), (begin, end) -> {});
      return sample.perSecond();
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void close() {
      try {
        rig.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
