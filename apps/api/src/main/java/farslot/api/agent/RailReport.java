package farslot.api.agent;

import java.util.Objects;

/**
 * A way from an initiator to an appliance.
 *
 * @param appliance its name; "" while it has not answered
 * @param rail both ends of it, as {@code farslot status} shows them
 * @param up whether something goes over it
 * @param secured how it is protected: {@code tls}, {@code aes-gcm}; "" for not at all
 * @param roundTripNs smoothed, nanoseconds; 0 if unknown
 * @param bitsPerSecond that it carries at most, as estimated; 0 if unknown
 * @param lossPerMillion of frames; 0 where the kernel hides it
 * @param cause why it went down last; "" if it never did
 */
public record RailReport(
    String appliance,
    String rail,
    boolean up,
    String secured,
    long roundTripNs,
    long bitsPerSecond,
    long lossPerMillion,
    String cause) {
  public RailReport {
    appliance = Objects.requireNonNullElse(appliance, "");
    secured = Objects.requireNonNullElse(secured, "");
    cause = Objects.requireNonNullElse(cause, "");
  }
}
