package farslot.cards.foreign;

import farslot.function.Card;
import farslot.function.CardSlot;
import farslot.function.ForeignDevice;
import farslot.function.MirrorGuideProvider;
import java.util.List;

/** A card that is there while its process is: plugged in when it comes, pulled out when it goes. */
final class ForeignCard implements Card, ForeignDevice.Presence {
  /** The slot's own. */
  private static final String FUNCTION = "";

  private final ForeignDevice device;
  private CardSlot slot;

  ForeignCard(ForeignDevice device) {
    this.device = device;
  }

  @Override
  public List<String> functions() {
    return List.of(FUNCTION);
  }

  @Override
  public void insert(CardSlot into) {
    slot = into;
    device.open(this);
  }

  @Override
  public void remove() {
    device.close();
  }

  @Override
  public void onPresent(ForeignDevice.Facts facts) {
    ForeignSpec spec;
    try {
      spec = ForeignSpec.of(facts);
    } catch (IllegalArgumentException e) {
      device.dismiss("says what no function can be: " + e.getMessage());
      return;
    }
    MirrorGuideProvider provider = device.mirror() == null ? null : DeviceMirror.provider(spec);
    if (device.mirror() != null && provider == null) {
      device.dismiss(
          "is of class %06x, for which nobody here can keep a mirror; leave 'mirror' out"
              .formatted(spec.function().classCode()));
      return;
    }
    slot.present(FUNCTION, new ForeignFunction(spec, device, provider));
  }

  @Override
  public void onAbsent(String cause) {
    slot.absent(FUNCTION, cause);
  }
}
