package farslot.fuzz;

import farslot.backend.RamStore;
import farslot.cards.nvme.NvmeProvider;
import farslot.cards.scratch.ScratchProvider;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.PciFunction;
import java.util.List;
import java.util.Map;

/** Cards to be maltreated. */
final class Cards {
  private Cards() {}

  static PciFunction scratch() {
    try {
      return new ScratchProvider()
          .create(
              new CardConfig("fuzz", Map.of("sram", "4KiB")),
              config -> {
                throw new IllegalStateException("no back end asked for");
              });
    } catch (CardConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  static PciFunction nvme() {
    Map<String, Object> values =
        Map.of("serial", "FUZZ", "namespaces", List.of(Map.of("ram", "1MiB")));
    try {
      return new NvmeProvider()
          .create(new CardConfig("fuzz", values), config -> new RamStore(config.size("ram", 0)));
    } catch (CardConfigException e) {
      throw new IllegalStateException(e);
    }
  }
}
