package farslot.sim;

import farslot.link.LinkStream;
import farslot.pcie.TlpIn;

/** A {@link Guest}'s time with one stream. */
final class PortTenant implements Tenant {
  private final Guest guest;
  private final String who;
  private LinkStream stream;

  PortTenant(Guest guest, String who) {
    this.guest = guest;
    this.who = who;
  }

  @Override
  public void begin(LinkStream to) {
    stream = to;
    guest.port().attach(to);
  }

  @Override
  public TlpIn in() {
    return guest.port();
  }

  @Override
  public LinkStream stream() {
    return stream;
  }

  @Override
  public String who() {
    return who;
  }

  @Override
  public void work(Step step) {
    for (int n = 0; n < step.amount(); n++) {
      switch (step.deed()) {
        case WRITE -> guest.write();
        case READ -> guest.read();
        case JOB -> guest.job();
        default -> guest.reset();
      }
    }
  }

  @Override
  public void probe() {
    guest.write();
    guest.read();
    guest.job();
  }

  @Override
  public boolean isAtRest() {
    return guest.isAtRest();
  }

  @Override
  public void end() {
    guest.port().detach("not wanted any more");
  }

  @Override
  public String toString() {
    return guest.toString();
  }
}
