package farslot.sim.guides;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpOut;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Mistakes to make on purpose, for a test that must find them; and a link that often refuses. */
final class GuideBugs {
  /** What is wrong. */
  enum Bug {
    NONE,
    /** What has been pushed is never revoked. */
    NEVER_REVOKES,
    /** Some of what is not pushed is not named either. */
    FORGETS_TO_NAME,
    /** Pushed bytes are those of a while ago. */
    PUSHES_EARLIER_BYTES
  }

  private final Bug bug;
  private final int refusedPercent;
  private final SplittableRandom random;
  private final MemorySegment earlier = Arena.ofAuto().allocate(GuidedRig.RAM_BYTES);
  private int pushes;

  /**
   * @param refusedPercent of pushes that find no credits
   */
  GuideBugs(Bug bug, int refusedPercent, long seed) {
    this.bug = bug;
    this.refusedPercent = refusedPercent;
    this.random = new SplittableRandom(seed);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** The guide, with what it says to the port on its way. */
  GuideProvider around(GuideProvider provider) {
    return new GuideProvider() {
      @Override
      public String name() {
        return provider.name();
      }

      @Override
      public boolean knows(int vendorId, int deviceId, int classCode) {
        return provider.knows(vendorId, deviceId, classCode);
      }

      @Override
      public DmaGuide guide(GuidePort port) {
        return provider.guide(bug == Bug.FORGETS_TO_NAME ? new Forgetful(port) : port);
      }
    };
  }

  private final class Forgetful implements GuidePort {
    private final GuidePort port;

    Forgetful(GuidePort port) {
      this.port = port;
    }

    @Override
    public int configDw(int offset) {
      return port.configDw(offset);
    }

    @Override
    public boolean read(long address, MemorySegment to, long offset, int bytes) {
      return port.read(address, to, offset, bytes);
    }

    @Override
    public void push(long address, int bytes, boolean steady) {
      if (!chance(50)) {
        port.push(address, bytes, steady);
      }
    }

    @Override
    public void watch(boolean on) {
      port.watch(on);
    }

    @Override
    public void leave(long address, int bytes) {}

    @Override
    public void leaveAll() {}
  }

  /** The way to the card. */
  TlpOut around(TlpOut out, MemorySegment ram) {
    return new TlpOut() {
      private long pushAt = -1;
      private long pushAddress;
      private int pushBytes;

      @Override
      public long claim(FlowClass flow, int tlpBytes, int dataBytes) {
        pushAt = -1;
        return out.claim(flow, tlpBytes, dataBytes);
      }

      @Override
      public MemorySegment segment() {
        return out.segment();
      }

      @Override
      public void commit() {
        if (pushAt >= 0 && bug == Bug.PUSHES_EARLIER_BYTES) {
          long from = pushAddress - GuidedRig.IOVA;
          MemorySegment.copy(earlier, from, out.segment(), pushAt, pushBytes);
          if (++pushes % 4 == 0) {
            MemorySegment.copy(ram, 0, earlier, 0, GuidedRig.RAM_BYTES);
          }
        }
        pushAt = -1;
        out.commit();
      }

      @Override
      public boolean pushes() {
        return out.pushes();
      }

      @Override
      public long claimPush(long address, int bytes, boolean steady) {
        pushAt = chance(refusedPercent) ? -1 : out.claimPush(address, bytes, steady);
        pushAddress = address;
        pushBytes = bytes;
        return pushAt;
      }

      @Override
      public void revoke() {
        if (bug != Bug.NEVER_REVOKES) {
          out.revoke();
        }
      }
    };
  }
}
