package farslot.fabric;

import static farslot.fabric.LocalFunction.*;
import static farslot.fabric.PciRegisters.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The function as its guest sees it: what was found out about the card, laid out as VFIO's regions,
 * and the registers that are the guest's own. It stays when the card goes, so that the same card
 * can come back to the same guest.
 */
final class GuestView {
  private FunctionFacts facts;
  private VirtualConfig config;
  private MsixShadow shadow;
  private boolean present;
  private boolean settingUp;

  /** What the card is; null before the first has been looked at. */
  FunctionFacts facts() {
    return facts;
  }

  /** Null while {@link #facts} is. */
  VirtualConfig config() {
    return config;
  }

  /** Null while {@link #facts} is. */
  MsixShadow shadow() {
    return shadow;
  }

  /** Whether a card can be used now. */
  boolean present() {
    return present;
  }

  void present(boolean now) {
    present = now;
  }

  /** See {@link LocalFunction#settingUp}. */
  boolean settingUp() {
    return settingUp;
  }

  void settingUp(boolean underWay) {
    settingUp = underWay;
  }

  /**
   * A card has been looked at.
   *
   * @param linkBytesMax largest payload of the link to it
   * @return false if it is another than the one that the guest knows
   */
  boolean accept(FunctionFacts found, int linkBytesMax) {
    if (facts != null && !facts.sameCard(found)) {
      return false;
    }
    if (facts == null) {
      shadow = new MsixShadow(found);
    }
    facts = found;
    config = new VirtualConfig(found, found.deviceControlSizes(linkBytesMax));
    return true;
  }

  /** The guest's registers read as after a reset. */
  void reset() {
    if (config != null) {
      config.reset();
      shadow.reset();
    }
  }

  int classCode() {
    return facts == null ? 0 : facts.classCode();
  }

  RegionInfo region(int index) {
    if (facts == null || index < 0 || index >= REGION_COUNT) {
      return new RegionInfo(0, false);
    }
    return switch (index) {
      case REGION_CONFIG -> new RegionInfo(facts.pcie() == 0 ? LEGACY_BYTES : CONFIG_BYTES, false);
      case REGION_ROM -> new RegionInfo(facts.bars().romSize(), false);
      default ->
          index < BAR_COUNT
              ? new RegionInfo(facts.bars().size(index), facts.bars().io(index))
              : new RegionInfo(0, false);
    };
  }

  private long sizeOf(int region) {
    if (facts == null || region < 0 || region > REGION_CONFIG) {
      return 0;
    }
    return switch (region) {
      case REGION_CONFIG -> CONFIG_BYTES;
      case REGION_ROM -> facts.bars().romSize();
      default -> facts.bars().size(region);
    };
  }

  /** Whether an access lies inside of its region. */
  boolean contains(int region, long offset, int bytes) {
    return offset >= 0 && offset <= sizeOf(region) - bytes;
  }

  /** Whether the region is an I/O BAR. */
  boolean io(int region) {
    return region < BAR_COUNT && facts.bars().io(region);
  }

  /** Where the card has what the guest finds at this offset. */
  long busAddress(int region, long offset) {
    return switch (region) {
      case REGION_CONFIG -> offset;
      case REGION_ROM -> facts.bars().romAddress() + offset;
      default -> facts.bars().address(region) + offset;
    };
  }

  int vectors(int kind) {
    if (facts == null) {
      return 0;
    }
    return switch (kind) {
      case IRQ_INTX -> facts.interruptPin() == 0 ? 0 : 1;
      case IRQ_MSI -> facts.msiVectors();
      case IRQ_MSIX -> facts.msixVectors();
      case IRQ_ERR, IRQ_REQ -> 1;
      default -> 0;
    };
  }

  /** Answers a read while no card is there: all-ones, but see {@link LocalFunction#settingUp}. */
  void answerAbsent(int region, long offset, int bytes, ReadDone done, long cookie) {
    if (!settingUp || region != REGION_CONFIG || !contains(region, offset, bytes)) {
      AccessTable.answerAllOnes(done, cookie, bytes);
      return;
    }
    MemorySegment described = Arena.ofAuto().allocate(bytes);
    config.describe(facts, (int) offset, bytes, described);
    done.done(cookie, described, 0, bytes);
  }
}
