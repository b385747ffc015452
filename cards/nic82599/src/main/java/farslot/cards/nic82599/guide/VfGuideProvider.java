package farslot.cards.nic82599.guide;

import farslot.cards.nic82599.spec.PciId;
import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;

/** Guides for virtual functions of the 82599, and of the X540, which has the same queues. */
public final class VfGuideProvider implements GuideProvider {
  @Override
  public String name() {
    return "ixgbevf";
  }

  @Override
  public boolean knows(int vendorId, int deviceId, int classCode) {
    boolean device = deviceId == PciId.DEVICE_82599_VF || deviceId == PciId.DEVICE_X540_VF;
    return vendorId == PciId.VENDOR && device;
  }

  @Override
  public DmaGuide guide(GuidePort port) {
    return new VfGuide(port);
  }
}
