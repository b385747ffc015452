package farslot.fuzz;

import farslot.backend.RamStore;
import farslot.cards.nettlp.NetTlpProvider;
import farslot.cards.nic82599.Nic82599Provider;
import farslot.cards.nvme.NvmeProvider;
import farslot.cards.scratch.ScratchProvider;
import farslot.cards.uart16550.UartProvider;
import farslot.cards.virtio.VirtioBlkProvider;
import farslot.function.BackEnds;
import farslot.function.BlockStore;
import farslot.function.Card;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.DatagramPorts;
import farslot.function.PciFunction;
import java.util.List;
import java.util.Map;

/** Cards to be maltreated. */
final class Cards {
  private static final BackEnds NOTHING_BEHIND =
      config -> {
        throw new IllegalStateException("no store asked for");
      };

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

  static PciFunction virtio() {
    try {
      return new VirtioBlkProvider()
          .create(
              new CardConfig("fuzz", Map.of("serial", "FUZZ", "ram", "1MiB", "queues", 2)),
              config -> new RamStore(config.size("ram", 0)));
    } catch (CardConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Two functions and no uplink: what one sends the other gets. */
  static Card nic82599() {
    try {
      return new Nic82599Provider()
          .create(new CardConfig("fuzz", Map.of("functions", 2)), NOTHING_BEHIND);
    } catch (CardConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Four ports that lead nowhere. */
  static PciFunction uart16550() {
    Map<String, Object> values = Map.of("ports", List.of(Map.of(), Map.of(), Map.of(), Map.of()));
    try {
      return new UartProvider().create(new CardConfig("fuzz", values), NOTHING_BEHIND);
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
