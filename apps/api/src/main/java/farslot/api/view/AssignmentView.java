package farslot.api.view;

import farslot.api.agent.Qos;
import java.util.Map;

/**
 * Who has a function, as {@code GET /api/v1/assignments} tells it.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 * @param guest "" when its initiator hands out a socket
 * @param profile for whose slot it is; "" for none
 * @param slot of that profile; "" for none
 * @param tenant "" for everybody
 * @param phase {@code assigned}, {@code granted}, {@code attached}, {@code draining} or {@code
 *     fenced}
 * @param waiting for what, in words; "" for nothing
 * @param problem why the last wish could not be fulfilled; "" for none
 * @param detail what its initiator says: the socket, the {@code -device} line, what is in the way
 * @param bdf where the guest sees it; "" if unknown
 * @param driverBound whether a driver has set it up
 * @param identity given to it; empty for its own
 * @param bootOrder 1 for the first; 0 for none
 * @param sanitise what is done before the next server gets it: {@code none}, {@code format} or
 *     {@code identity}
 * @param nextServer to which it is on its way; "" for none
 * @param revision of its document
 */
public record AssignmentView(
    String function,
    String server,
    String guest,
    String profile,
    String slot,
    String tenant,
    long epoch,
    String phase,
    String waiting,
    String problem,
    String detail,
    String bdf,
    boolean driverBound,
    Map<String, String> identity,
    int bootOrder,
    Qos qos,
    String sanitise,
    String nextServer,
    long revision) {}
