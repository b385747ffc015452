package farslot.cards.virtio;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.PciFunction;

/** Makes disks from {@code card: virtio-blk}. */
public final class VirtioBlkProvider implements CardProvider {
  @Override
  public String kind() {
    return "virtio-blk";
  }

  @Override
  public String summary() {
    return "virtio 1.2 disk, in a file or memory (drivers: virtio_blk, viostor)";
  }

  @Override
  public PciFunction create(CardConfig config, BackEnds backEnds) throws CardConfigException {
    return new VirtioBlkFunction(VirtioConfig.read(config, backEnds));
  }
}
