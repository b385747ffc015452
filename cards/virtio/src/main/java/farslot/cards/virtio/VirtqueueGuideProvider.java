package farslot.cards.virtio;

import farslot.cards.virtio.spec.PciId;
import farslot.function.DmaGuide;
import farslot.function.GuidePort;
import farslot.function.GuideProvider;

/** Guides for virtio devices over PCI whose queues are split ones, whatever the device is. */
public final class VirtqueueGuideProvider implements GuideProvider {
  @Override
  public String name() {
    return "virtqueue";
  }

  @Override
  public boolean knows(int vendorId, int deviceId, int classCode) {
    return vendorId == PciId.VENDOR
        && deviceId > PciId.DEVICE_BASE
        && deviceId <= PciId.DEVICE_LAST;
  }

  @Override
  public DmaGuide guide(GuidePort port) {
    return new VirtqueueGuide(port);
  }
}
