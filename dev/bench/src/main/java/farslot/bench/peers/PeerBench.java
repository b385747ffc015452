package farslot.bench.peers;

import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Rounded;
import farslot.bench.path.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Sets Farslot beside what users would pick instead, as far as the machine has it: same loads,
 * disks in memory behind all, everything on loopback, rounds in turns. A server waits, stopped,
 * while somebody else is measured.
 */
public final class PeerBench {
  private static final int BYTES = 4096;

  static final List<Load> LOADS =
      List.of(
          Load.read(BYTES, 1), Load.read(BYTES, 32), Load.write(BYTES, 1), Load.write(BYTES, 32));

  private static final int ROUNDS = 3;

  /** Programs need a moment to begin, and some count in whole seconds. */
  private static final double SECONDS_LEAST = 1;

  /** What still counts as level. */
  private static final double LEVEL = 0.95;

  private final double seconds;
  private final int spinUs;
  private final Tools tools;
  private final Consumer<String> progress;

  /**
   * @param seconds for each load of each pair
   * @param spinUs as in the programs' configurations
   * @param tools where to look for programs of others
   * @param progress told what is being done, and what is missing
   */
  public PeerBench(double seconds, int spinUs, Tools tools, Consumer<String> progress) {
    this.seconds = Math.max(SECONDS_LEAST, seconds / (2 * ROUNDS));
    this.spinUs = spinUs;
    this.tools = tools;
    this.progress = progress;
  }

  private static List<Contest> contests(int spinUs) {
    Peer ours = new Ours(spinUs);
    NvmeTcp nvmeTcp = new NvmeTcp();
    return List.of(
        new Contest(ours, Nbd.QEMU, ""),
        new Contest(ours, Nbd.NBDKIT, ""),
        new Contest(ours, new Iscsi(), ""),
        new Contest(ours, nvmeTcp, ""),
        new Contest(new OursBySpdk(spinUs), nvmeTcp, "spdk_"));
  }

  /** The keys that there are. */
  public static List<String> keys() {
    return contests(0).stream().flatMap(each -> each.pairs().stream()).map(Pair::key).toList();
  }

  /** What is wanted; of a pair that cannot be measured, figures without values, with the reason. */
  public List<Figure> run(Predicate<String> wanted) throws IOException {
    List<Figure> figures = new ArrayList<>();
    for (Contest each : contests(spinUs)) {
      List<Pair> pairs = each.pairs().stream().filter(pair -> wanted.test(pair.key())).toList();
      if (!pairs.isEmpty()) {
        figures.addAll(compare(each.ours(), each.peer(), pairs));
      }
    }
    return figures;
  }

  private List<Figure> compare(Peer ours, Peer peer, List<Pair> pairs) throws IOException {
    List<String> needs = new ArrayList<>(ours.needs());
    needs.addAll(peer.needs());
    List<String> missing = tools.missing(needs).stream().distinct().toList();
    if (!missing.isEmpty()) {
      String why = String.join(", ", missing) + " not found; " + peer.toGet();
      progress.accept("MISSING for " + peer.words() + ": " + why);
      return missing(pairs, why);
    }
    Path dir = Files.createTempDirectory("farslot-peer");
    try (Peer.Disk theirs = peer.open(tools, dir)) {
      theirs.pause();
      try (Peer.Disk mine = ours.open(tools, dir)) {
        List<Figure> figures = new ArrayList<>();
        for (Pair pair : pairs) {
          progress.accept(pair.words());
          figures.add(alternate(mine, theirs, pair));
        }
        return figures;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (Exception e) {
      // One that fails takes none of the others along.
      String why = e.toString();
      return missing(pairs, why);
    } finally {
      delete(dir);
    }
  }

  /** What is measured of two. */
  private record Pair(String key, String words, Goal goal, Load load) {}

  /**
   * Two that are compared.
   *
   * @param prefix of its keys
   */
  private record Contest(Peer ours, Peer peer, String prefix) {
    List<Pair> pairs() {
      return LOADS.stream().filter(peer::does).map(this::pair).toList();
    }

    private Pair pair(Load load) {
      String key =
          "%s%s_qd%d_over_%s"
              .formatted(prefix, load.write() ? "write" : "read", load.depth(), peer.key());
      String words =
          "4 KiB %s, depth %d, %sover %s"
              .formatted(
                  load.write() ? "writes" : "reads", load.depth(), ours.words(), peer.words());
      return new Pair(key, words, goal(load), load);
    }

    /** Ahead of NBD and iSCSI with reads, level with NVMe/TCP at depth 1. */
    private Goal goal(Load load) {
      if (load.write()) {
        return Goal.NONE;
      }
      if (peer instanceof NvmeTcp) {
        return load.depth() == 1 ? Goal.atLeast(LEVEL) : Goal.NONE;
      }
      return Goal.atLeast(1);
    }
  }

  private static List<Figure> missing(List<Pair> pairs, String why) {
    return pairs.stream()
        .map(pair -> Figure.missing(pair.key(), pair.words(), pair.goal(), why))
        .toList();
  }

  private Figure alternate(Peer.Disk mine, Peer.Disk theirs, Pair pair) throws Exception {
    Rounded ratios = new Rounded();
    Rounded mySpeed = new Rounded();
    Rounded theirSpeed = new Rounded();
    for (int round = 0; round < ROUNDS; round++) {
      double my = mine.perSecond(pair.load(), seconds);
      theirs.resume();
      double their = theirs.perSecond(pair.load(), seconds);
      theirs.pause();
      mySpeed.add(my);
      theirSpeed.add(their);
      ratios.add(my / their);
    }
    String note =
        String.format(
            Locale.ROOT, "%.0f over %.0f a second", mySpeed.median(), theirSpeed.median());
    return new Figure(pair.key(), pair.words(), ratios, pair.goal(), note);
  }

  private static void delete(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
