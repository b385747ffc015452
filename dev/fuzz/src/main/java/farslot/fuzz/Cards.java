package farslot.fuzz;

import farslot.backend.RamStore;
import farslot.cards.nettlp.NetTlpProvider;
import farslot.cards.nvme.NvmeProvider;
import farslot.cards.scratch.ScratchProvider;
import farslot.function.BackEnds;
import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.DatagramPorts;
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

  static PciFunction netTlp(DatagramPorts ports) {
    BackEnds network =
        new BackEnds() {
          @Override
          public BlockStore block(CardConfig config) {
            throw new IllegalStateException("no store asked for");
          }

          @Override
          public DatagramPorts datagrams(
              CardConfig config, int[] numbers, int answering, int bytesMax) {
            return ports;
          }
        };
    try {
      return new NetTlpProvider().create(new CardConfig("fuzz", Map.of("bar4", "1MiB")), network);
    } catch (CardConfigException e) {
      throw new IllegalStateException(e);
    }
  }
}
