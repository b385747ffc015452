package farslot.cards.nvme.guide;

import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;

/** Guides for NVM Express controllers of any make, known by their class code. */
public final class NvmeGuideProvider implements GuideProvider {
  /** Mass storage, non-volatile memory, NVM Express I/O controller (PCIe 3.8, figure 21). */
  static final int IO_CONTROLLER = 0x010802;

  @Override
  public String name() {
    return "nvme";
  }

  @Override
  public boolean knows(int vendorId, int deviceId, int classCode) {
    return classCode == IO_CONTROLLER;
  }

  @Override
  public DmaGuide guide(GuidePort port) {
    return new NvmeGuide(port);
  }
}
