package farslot.sim.fabric;

import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.PciFunction;
import farslot.function.ResetKind;
import farslot.pcie.config.ClassCode;
import farslot.sim.World;
import java.util.Map;
import java.util.SplittableRandom;

/** A card that keeps data and an identity, and takes its time to be sanitised. */
final class FabricCard implements PciFunction {
  private static final int SANITISE_MS_MAX = 1500;
  private static final FunctionSpec SPEC =
      new FunctionSpecBuilder(0xFA51, 0x5C4A, ClassCode.UNASSIGNED).memory32(0, 4096).build();

  private final ApplianceNode node;
  private final Medium medium;
  private final SplittableRandom random;
  private final FabricMischief mischief;
  private Map<String, String> identity = Map.of();

  FabricCard(ApplianceNode node, Medium medium, SplittableRandom random, FabricMischief mischief) {
    this.node = node;
    this.medium = medium;
    this.random = random;
    this.mischief = mischief;
  }

  @Override
  public FunctionSpec spec() {
    return SPEC;
  }

  @Override
  public void plug(FunctionPort port) {}

  @Override
  public void remove() {}

  @Override
  public long read(int bar, long offset, int bytes) {
    return 0;
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {}

  @Override
  public void reset(ResetKind kind) {}

  @Override
  public Map<String, String> identity() {
    return identity;
  }

  @Override
  public String identify(Map<String, String> wanted) {
    identity = wanted;
    return "";
  }

  /** Now and then the medium fails, or the card is pulled in the middle. */
  @Override
  public void sanitise(Sanitise how, Sanitised end) {
    identity = Map.of();
    boolean fails = random.nextInt(10) == 0;
    long ns = random.nextInt(SANITISE_MS_MAX) * World.MS;
    node.world.after(
        ns,
        () ->
            node.turn(
                () -> {
                  if (!fails && mischief.sanitises()) {
                    medium.sanitised();
                  }
                  end.done(fails ? "the medium fails" : "");
                }));
  }
}
