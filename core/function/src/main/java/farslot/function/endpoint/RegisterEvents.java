package farslot.function.endpoint;

import farslot.function.PciFunction;
import farslot.function.ReadMostly;
import farslot.pcie.LittleEndian;
import farslot.pcie.TlpOut;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tells the server what the registers hold that the card declares {@link ReadMostly}: when it may
 * first ask, after every write that may have changed them, and when the card says that they have
 * changed. With each goes how much had come by then that may change registers, so that the server
 * knows which of its writes the values have seen (docs/spec/pcieoe.md, section 4.6).
 */
final class RegisterEvents implements Upstream.Events {
  private static final int REGISTER_BYTES = 4;

  private final PciFunction function;
  private final BarMap bars;
  private final Upstream upstream;
  private final EndpointCounters counters;
  private final ReadMostly.Range[] registers;
  private final ReadMostly.Range[] harmless;
  private final MemorySegment values =
      Arena.ofAuto().allocate(ReadMostly.REGISTER_BYTES_MAX, Long.BYTES);
  private boolean on;
  private int harmlessTold;

  /** What has come in this stream that is neither a read request nor a completion. */
  private int changes;

  /** The last of it is being dealt with: what registers hold now is neither before nor after. */
  private boolean changing;

  RegisterEvents(PciFunction function, BarMap bars, Upstream upstream, EndpointCounters counters) {
    this.function = function;
    this.bars = bars;
    this.upstream = upstream;
    this.counters = counters;
    ReadMostly declared = function.spec().readMostly();
    registers = declared.registers().toArray(ReadMostly.Range[]::new);
    harmless = declared.harmless().toArray(ReadMostly.Range[]::new);
    upstream.events(this);
  }

  /** A stream begins: its counts are those of its own TLPs. */
  void connect(TlpOut out) {
    on = registers.length > 0 && out.events();
    harmlessTold = 0;
    changes = 0;
    changing = false;
  }

  /** A TLP has come, and is dealt with next; whether {@link #handled} is to be called then. */
  boolean arrives(TlpView tlp) {
    if (!on || TlpType.isCompletion(tlp.fmtType()) || TlpType.isReadRequest(tlp.fmtType())) {
      return false;
    }
    changes++;
    changing = true;
    return true;
  }

  /** The TLP has been dealt with. */
  void handled(TlpView tlp) {
    changing = false;
    if (!isHarmless(tlp)) {
      changed();
    }
  }

  private boolean isHarmless(TlpView tlp) {
    if (!TlpType.isMemoryWrite(tlp.fmtType())) {
      return false;
    }
    int bytes = Math.max(1, tlp.enabledBytes());
    int bar = bars.find(tlp.firstByteAddress(), bytes, false);
    if (bar < 0) {
      return false;
    }
    long offset = bars.offset(bar, tlp.firstByteAddress());
    for (ReadMostly.Range range : harmless) {
      if (range.holds(bars.index(bar), offset, bytes)) {
        return true;
      }
    }
    return false;
  }

  /** A Hot Reset has come, and has been done. */
  void hotReset() {
    changes++;
    changed();
  }

  /** Registers may hold something else than was told. */
  void changed() {
    if (on && bars.memoryEnabled()) {
      upstream.tellRegisters();
    }
  }

  @Override
  public boolean send(TlpOut out) {
    while (harmlessTold < harmless.length) {
      ReadMostly.Range range = harmless[harmlessTold];
      if (!out.harmless(range.bar(), range.offset(), range.bytes())) {
        return false;
      }
      harmlessTold++;
    }
    // Parked until the server has switched the BARs off: then it must not have values.
    for (int i = 0; i < registers.length && bars.memoryEnabled(); i++) {
      if (!send(out, registers[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean send(TlpOut out, ReadMostly.Range range) {
    int bytes = (int) range.bytes();
    boolean plain = function.readsPlainly(range.bar(), range.offset());
    for (int at = 0; at < bytes; at += REGISTER_BYTES) {
      long value = plain ? function.read(range.bar(), range.offset() + at, REGISTER_BYTES) : 0;
      LittleEndian.i32(values, at, (int) value);
    }
    int now = changing ? changes - 1 : changes;
    int seen = plain ? now : now - TlpOut.CHANGES_LONG_AGO;
    long to = out.claimEvent(range.bar(), range.offset(), seen, bytes);
    if (to < 0) {
      return false;
    }
    MemorySegment.copy(values, 0, out.segment(), to, bytes);
    out.commit();
    counters.add(EndpointCounter.EVENTS_SENT);
    return true;
  }
}
