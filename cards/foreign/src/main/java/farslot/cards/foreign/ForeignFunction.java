package farslot.cards.foreign;

import farslot.function.ForeignDevice;
import farslot.function.FunctionPort;
import farslot.function.FunctionSpec;
import farslot.function.MirrorGuideProvider;
import farslot.function.ResetKind;
import farslot.function.TlpFunction;
import farslot.function.TlpPort;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A foreign device in its slot, from the time that it comes to the time that it goes. */
final class ForeignFunction implements TlpFunction, ForeignDevice.Access {
  private final ForeignSpec spec;
  private final ForeignDevice device;
  private final ForeignCounters counters = new ForeignCounters();
  private final MirrorGuideProvider mirrors;
  private FunctionPort port;
  private GuestRequests requests;
  private DeviceDma dma;
  private DeviceInterrupts interrupts;
  private DeviceSettings settings;

  /** Null when the device has no mirror. */
  private DeviceMirror mirror;

  /**
   * @param mirrors who keeps the device's mirror; null when it has none
   */
  ForeignFunction(ForeignSpec spec, ForeignDevice device, MirrorGuideProvider mirrors) {
    this.spec = spec;
    this.device = device;
    this.mirrors = mirrors;
  }

  @Override
  public FunctionSpec spec() {
    return spec.function();
  }

  @Override
  public void plug(FunctionPort slot) {
    port = slot;
    dma = new DeviceDma(device, port.dma(), counters);
    interrupts = new DeviceInterrupts(device, port.interrupts(), counters);
    if (mirrors != null) {
      mirror = new DeviceMirror(device, mirrors, port.dma(), interrupts::onInterrupt);
    }
    port.dma().onRoom(this::onRoom);
  }

  @Override
  public void plugTlps(TlpPort server) {
    requests = new GuestRequests(device, server, spec.wholeBars(), counters, mirror);
    settings = new DeviceSettings(device, server, port.interrupts(), spec);
    device.attach(this);
  }

  /** The device has gone, or is not to be used any more: either way it is told nothing. */
  @Override
  public void unplug() {
    device.attach(null);
  }

  @Override
  public void reset(ResetKind kind) {
    requests.forget();
    interrupts.forget();
    device.reset();
    if (mirror != null) {
      mirror.reset();
    }
    settings.reset();
  }

  @Override
  public void busMaster(boolean enabled) {
    dma.busMaster(enabled);
  }

  @Override
  public Map<String, Long> counts() {
    return counters.counts();
  }

  // The server's side

  @Override
  public boolean takesTlps(int bar) {
    return true;
  }

  @Override
  public void onMemoryRequest(TlpView request, int bar, long offset) {
    requests.onMemoryRequest(request, bar, offset);
    interrupts.accessed();
  }

  @Override
  public void onIoRequest(TlpView request, int bar, long offset) {
    requests.onIoRequest(request, bar, offset);
    interrupts.accessed();
  }

  @Override
  public void onConfigured(int offset) {
    settings.update();
  }

  /** What is left to be asked at once: registers beside the MSI-X table in one request with it. */
  @Override
  public long read(int bar, long offset, int bytes) {
    counters.add(ForeignEvent.MIXED_READS);
    return -1L;
  }

  @Override
  public void write(int bar, long offset, int bytes, long value) {
    requests.write(bar, offset, bytes, value);
  }

  private void onRoom() {
    device.resume();
    if (mirror != null) {
      mirror.onRoom();
    }
  }

  // The device's side

  @Override
  public boolean hasRoom() {
    return port.dma().hasRoom();
  }

  @Override
  public void onDmaRead(long address, MemorySegment to, long offset, int bytes, long cookie) {
    dma.read(address, to, offset, bytes, cookie);
  }

  @Override
  public boolean onDmaWrite(long address, MemorySegment from, long offset, int bytes) {
    return dma.write(address, from, offset, bytes);
  }

  @Override
  public void onInterrupt(int kind, int vector) {
    if (mirror == null) {
      interrupts.onInterrupt(kind, vector);
    } else {
      mirror.onInterrupt(kind, vector);
    }
  }

  @Override
  public int onLook() {
    return mirror == null ? 0 : mirror.look();
  }
}
