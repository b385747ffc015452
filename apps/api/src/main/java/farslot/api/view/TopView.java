package farslot.api.view;

import farslot.api.agent.Qos;

/**
 * What a function carries just now, as {@code GET /api/v1/top} tells it.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 * @param holder {@code SERVER} or {@code SERVER/GUEST}; "" for nobody
 * @param state as in {@link FunctionView}
 * @param bytesDownPerSecond towards the card
 * @param bytesUpPerSecond from the card
 * @param operationsPerSecond of the card
 * @param latencyP50Ns of register reads lately; 0 if unknown
 * @param latencyP99Ns of register reads lately; 0 if unknown
 * @param delayedNsPerSecond how long its TLPs had to wait for its rate, in each second
 */
public record TopView(
    String function,
    String card,
    String holder,
    String state,
    long bytesDownPerSecond,
    long bytesUpPerSecond,
    long operationsPerSecond,
    long latencyP50Ns,
    long latencyP99Ns,
    long delayedNsPerSecond,
    Qos qos) {}
