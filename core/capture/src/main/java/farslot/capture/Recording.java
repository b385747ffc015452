package farslot.capture;

import farslot.pcie.TlpView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is made of the frames in a {@link FrameRing}: a pcapng file, of frames or of TLPs as NetTLP
 * has them. On the thread that polls.
 */
public final class Recording implements FrameRing.Reader {
  /** Which function a stream belongs to. */
  public interface Names {
    /** The function's name; empty when it is not known. */
    String function(int session, int stream);
  }

  /** What the file holds. */
  public enum Format {
    /** Frames of PCIeoE, as they were on the rail. */
    PCIEOE,
    /** One packet a TLP, wrapped as NetTLP does it. */
    NETTLP
  }

  /**
   * What is wanted.
   *
   * @param function its TLPs only; empty for all functions
   * @param countMax packets at most
   * @param wallOffsetNs what to add to the data thread's clock to have time since 1970
   * @param appliance whether this process is one: what it receives goes to devices
   */
  public record Options(
      Format format,
      String function,
      TlpFilter filter,
      long countMax,
      long wallOffsetNs,
      boolean appliance) {}

  private static final int INTERFACES_MAX = 4096;

  private final Options options;
  private final Names names;
  private final PcapngWriter writer;
  private final TlpScan scan = new TlpScan();
  private final NetTlpEncoder netTlp = new NetTlpEncoder();
  private final Map<Integer, String> rails = new LinkedHashMap<>();
  private final Map<String, Integer> interfaces = new HashMap<>();
  private long written;
  private long lost;
  private long timeNs;
  private boolean inbound;

  /** Begins the file. */
  public Recording(OutputStream out, Options options, Names names, String comment)
      throws IOException {
    this.options = options;
    this.names = names;
    writer = new PcapngWriter(out);
    writer.section("farslot", comment);
  }

  /** Packets written. */
  public long written() {
    return written;
  }

  /** Whether it has all that was asked for. */
  public boolean complete() {
    return written >= options.countMax();
  }

  /**
   * Ends the file with what was seen and dropped.
   *
   * @param frames that were there
   * @param dropped those of them for which there was no room
   */
  public void finish(long frames, long dropped, long nowNs) throws IOException {
    writer.statistics(
        face("farslot", "all rails together"), nowNs + options.wallOffsetNs(), frames, dropped);
  }

  @Override
  public void onRail(int rail, String name) {
    if (rails.size() < INTERFACES_MAX) {
      rails.put(rail, name);
    }
  }

  @Override
  public void onFrame(
      int rail,
      boolean inbound,
      long timeNs,
      int lost,
      MemorySegment segment,
      long offset,
      int bytes) {
    this.inbound = inbound;
    this.timeNs = timeNs + options.wallOffsetNs();
    this.lost += lost;
    try {
      if (options.format() == Format.NETTLP) {
        scan.scan(inbound, segment, offset, bytes, this::onTlp);
      } else if (!complete() && wanted(segment, offset, bytes)) {
        String name = rails.getOrDefault(rail, "rail " + rail);
        write(face(name, "PCIeoE over " + name), segment, offset, bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean wanted(MemorySegment segment, long offset, int bytes) {
    if (options.filter().takesAll() && options.function().isEmpty()) {
      return true;
    }
    return scan.scan(inbound, segment, offset, bytes, asFrames);
  }

  private boolean takes(int session, int stream, TlpView tlp) {
    return ofFunction(session, stream) && options.filter().takes(session, stream, tlp);
  }

  private boolean ofFunction(int session, int stream) {
    return options.function().isEmpty()
        || options.function().equals(names.function(session, stream));
  }

  /** Frames are kept for what is in them. */
  private final TlpScan.Sink asFrames =
      new TlpScan.Sink() {
        @Override
        public boolean onTlp(int session, int stream, TlpView tlp) {
          return takes(session, stream, tlp);
        }

        @Override
        public boolean onPush(int session, int stream, long address, int bytes) {
          return ofFunction(session, stream) && options.filter().takesPush(address, bytes);
        }
      };

  private boolean onTlp(int session, int stream, TlpView tlp) {
    if (complete() || !takes(session, stream, tlp)) {
      return false;
    }
    String function = names.function(session, stream);
    String name =
        function.isEmpty() ? "session %08x stream %d".formatted(session, stream) : function;
    try {
      int bytes = netTlp.encode(tlp, inbound == options.appliance());
      write(face(name, "TLPs of " + name), netTlp.segment(), 0, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  private void write(int from, MemorySegment segment, long offset, int bytes) throws IOException {
    writer.packet(from, timeNs, inbound, lost, segment, offset, bytes);
    lost = 0;
    written++;
  }

  private int face(String name, String description) throws IOException {
    Integer known = interfaces.get(name);
    if (known != null) {
      return known;
    }
    if (interfaces.size() >= INTERFACES_MAX) {
      return 0; // A capture that outlives so many connections need not tell them apart.
    }
    boolean frames = options.format() == Format.PCIEOE;
    int linkType = frames ? PcapngFormat.LINKTYPE_USER0 : PcapngFormat.LINKTYPE_ETHERNET;
    int face = writer.describe(linkType, name, description);
    interfaces.put(name, face);
    return face;
  }
}
