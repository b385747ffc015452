package farslot.api.agent;

import java.util.Objects;

/**
 * A guest that an initiator can plug into.
 *
 * @param running whether its hypervisor answers
 * @param freeSlots root ports that nothing is behind
 * @param detail the hypervisor and its version, or why it does not answer
 */
public record GuestReport(String name, boolean running, int freeSlots, String detail) {
  public GuestReport {
    detail = Objects.requireNonNullElse(detail, "");
  }
}
