package farslot.sim.fabric;

import java.util.SplittableRandom;

/** What a fabric has. */
record FabricShape(int appliances, int functions, int servers, int guests) {
  static FabricShape of(SplittableRandom random) {
    int appliances = 1 + random.nextInt(2);
    return new FabricShape(
        appliances,
        appliances * (1 + random.nextInt(2)),
        1 + random.nextInt(3),
        1 + random.nextInt(2));
  }

  String appliance(int function) {
    return "a" + function % appliances;
  }

  /** {@code APPLIANCE/FUNCTION}. */
  String path(int function) {
    return appliance(function) + "/f" + function;
  }

  static String server(int number) {
    return "s" + number;
  }

  /** "" for the one more than there are. */
  String guest(int number) {
    return number >= guests ? "" : "g" + number;
  }
}
