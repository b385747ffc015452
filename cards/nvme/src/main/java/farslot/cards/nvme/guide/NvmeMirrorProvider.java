package farslot.cards.nvme.guide;

import farslot.function.MirrorGuide;
import farslot.function.MirrorGuideProvider;
import farslot.function.MirrorPort;

/** Mirrors for NVM Express controllers of any make, known by their class code. */
public final class NvmeMirrorProvider implements MirrorGuideProvider {
  @Override
  public boolean knows(int vendorId, int deviceId, int classCode) {
    return classCode == NvmeGuideProvider.IO_CONTROLLER;
  }

  @Override
  public MirrorGuide guide(MirrorPort port) {
    return new NvmeMirror(port);
  }
}
