package farslot.link;

import farslot.pcie.FlowClass;

/**
 * Where the credits of one class stand at one end of a stream, for people and for tests. At rest,
 * with nothing under way, {@code left} at one end equals {@code usable} at the other, and {@code
 * usable + freed} is what was granted when the stream began.
 *
 * @param headersLeft TLPs that this end may still send; {@link Integer#MAX_VALUE} for infinite
 * @param dataLeft data credits that it may still use, likewise
 * @param headersUsable TLPs that the peer may still send, by what it has been told
 * @param dataUsable data credits that it may still use, likewise
 * @param headersFreed headers that were freed here, which the peer is told in the next batch
 * @param dataFreed data credits, likewise
 */
public record CreditLevel(
    int headersLeft,
    int dataLeft,
    int headersUsable,
    int dataUsable,
    int headersFreed,
    int dataFreed) {
  static CreditLevel of(FlowClass flow, CreditGate gate, CreditMeter meter) {
    return new CreditLevel(
        gate.headersLeft(flow),
        gate.dataLeft(flow),
        meter.headersUsable(flow),
        meter.dataUsable(flow),
        meter.headersFreed(flow),
        meter.dataFreed(flow));
  }
}
