package farslot.cards.nettlp;

import static farslot.cards.nettlp.NetTlpSpec.*;

import farslot.function.DatagramPorts;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.FunctionSpecBuilder;
import farslot.function.ResetKind;
import farslot.function.TlpFunction;
import farslot.function.TlpPort;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import farslot.pcie.nettlp.MessageApi;
import farslot.pcie.nettlp.NetTlpCheck;
import farslot.pcie.nettlp.NetTlpError;
import farslot.pcie.nettlp.NetTlpFormat;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * NetTLP's adapter in a slot. Requests to BAR 4 go to a program, over UDP, as TLPs; the program's
 * own requests become DMA of this function.
 */
final class NetTlpFunction implements TlpFunction, DatagramPorts.Receiver {
  private final FunctionSpec spec;
  private final NetTlpConfig config;
  private final DatagramPorts ports;
  private final NetTlpCounters counters = new NetTlpCounters();
  private final TlpView tlp = new TlpView();
  private FunctionPort port;
  private GuestRequests fromServer;
  private ProgramRequests fromProgram;
  private Questions questions;

  NetTlpFunction(NetTlpConfig config, DatagramPorts ports) {
    this.config = config;
    this.ports = ports;
    spec =
        new FunctionSpecBuilder(VENDOR_ID, DEVICE_ID, CLASS_CODE)
            .memory32(REGISTERS_BAR, REGISTERS_BYTES)
            .memory64(MSIX_BAR, MSIX_BAR_BYTES, true)
            .memory64(PROGRAM_BAR, config.barBytes(), true)
            .msix(MSIX_VECTORS, MSIX_BAR, MSIX_TABLE, MSIX_PBA)
            .msi(MSI_VECTORS)
            .build();
  }

  @Override
  public FunctionSpec spec() {
    return spec;
  }

  @Override
  public void plug(FunctionPort slot) {
    port = slot;
    port.dma().onRoom(ports::resume);
  }

  @Override
  public void plugTlps(TlpPort server) {
    Outbox outbox = new Outbox(ports, port, counters);
    fromServer =
        new GuestRequests(
            outbox, port, server, counters, config.hostPorts(), config.answerTimeoutNs());
    fromProgram = new ProgramRequests(outbox, port.dma(), counters);
    questions = new Questions(outbox, server, counters);
    ports.open(this);
  }

  @Override
  public void unplug() {
    ports.close();
  }

  @Override
  public void reset(ResetKind kind) {
    fromServer.reset();
    fromProgram.reset();
  }

  @Override
  public void busMaster(boolean enabled) {
    fromProgram.busMaster(enabled);
  }

  @Override
  public Map<String, Long> counts() {
    Map<String, Long> counts = counters.counts();
    if (ports.foreign() != 0) {
      counts.put("bad_stranger", ports.foreign());
    }
    return counts;
  }

  // The server's side

  @Override
  public boolean takesTlps(int bar) {
    return bar == PROGRAM_BAR;
  }

  @Override
  public void onMemoryRequest(TlpView request, int bar, long offset) {
    fromServer.onRequest(request);
  }

  /** BAR 0, and what is in BAR 2 beside MSI-X. */
  @Override
  public long read(int bar, long offset, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (bar == REGISTERS_BAR ? register(offset + i) : 0);
    }
    return value;
  }

  private static int register(long offset) {
    if (offset < MAGIC + 4) {
      return MAGIC_VALUE >>> 8 * (int) (offset - MAGIC) & 0xFF;
    }
    boolean mac = offset >= SOURCE_MAC && offset < SOURCE_MAC + 6;
    return mac ? (int) (SOURCE_MAC_VALUE >>> 8 * (offset - SOURCE_MAC)) & 0xFF : 0;
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    // The adapter's registers are set from the program's side.
  }

  // The program's side

  @Override
  public boolean hasRoom() {
    return port.dma().hasRoom();
  }

  @Override
  public void onDatagram(int at, MemorySegment data, long offset, int bytes) {
    if (at == MessageApi.PORT) {
      questions.onMessage(data, offset, bytes);
      return;
    }
    if (Questions.isConfig(at, bytes)) {
      questions.onConfig(at, data, offset, bytes);
      return;
    }
    NetTlpError error = NetTlpCheck.check(data, offset, bytes);
    if (error != null) {
      counters.add(error);
      return;
    }
    tlp.wrap(data, offset + NetTlpFormat.HEADER_BYTES, bytes - NetTlpFormat.HEADER_BYTES);
    if (TlpType.isCompletion(tlp.fmtType())) {
      fromServer.onCompletion(at, tlp);
    } else {
      fromProgram.onRequest(at, tlp);
    }
  }

  @Override
  public void onRefused(int at) {
    counters.add(NetTlpEvent.PROGRAM_ABSENT);
    if (NetTlpFormat.isOfHost(at)) {
      fromServer.onNobody(at);
    }
  }
}
