package farslot.cards.nettlp;

import static farslot.pcie.nettlp.NetTlpFormat.*;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.DatagramPorts;
import farslot.function.PciFunction;
import farslot.pcie.nettlp.ConfigApi;
import farslot.pcie.nettlp.MessageApi;

/** Makes NetTLP adapters. */
public final class NetTlpProvider implements CardProvider {
  @Override
  public String kind() {
    return "nettlp";
  }

  @Override
  public String summary() {
    return "NetTLP's adapter (3776:8022); its BAR4 is a program written for LibTLP, over UDP";
  }

  @Override
  public PciFunction create(CardConfig config, BackEnds backEnds) throws CardConfigException {
    NetTlpConfig read = NetTlpConfig.of(config);
    DatagramPorts ports = backEnds.datagrams(config, ports(), MessageApi.PORT, DATAGRAM_BYTES_MAX);
    config.finish();
    return new NetTlpFunction(read, ports);
  }

  /** Those where both ends use the same number. */
  private static int[] ports() {
    int[] ports = new int[PORTS_OF_DEVICE + PORTS_OF_HOST + 1];
    int count = 0;
    for (int tag = 0; tag < PORTS_OF_DEVICE; tag++) {
      ports[count++] = portOfDevice(tag);
    }
    for (int tag = 0; tag < PORTS_OF_HOST; tag++) {
      ports[count++] = portOfHost(tag);
    }
    ports[count] = ConfigApi.PORT;
    return ports;
  }
}
