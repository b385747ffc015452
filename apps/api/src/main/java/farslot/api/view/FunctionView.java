package farslot.api.view;

import farslot.api.agent.Load;
import java.util.List;
import java.util.Map;

/**
 * A function of a card, as {@code GET /api/v1/functions} tells it: what it is, who has it, how it
 * is.
 *
 * @param function {@code APPLIANCE/FUNCTION}
 * @param card its kind
 * @param deviceId vendor and device, {@code 1b36:0010}
 * @param classCode 24 bits; 0 if its appliance has not told since this manager runs
 * @param capacityBytes of a drive; 0 for what has none
 * @param identity its own, such as {@code mac} or {@code serial}
 * @param tenant "" for everybody
 * @param pools into which it fits, by name
 * @param state {@code free}, a phase of an assignment ({@code assigned}, {@code granted}, {@code
 *     attached}, {@code draining}, {@code fenced}), or {@code sanitising}
 * @param health {@code ok}; {@code absent}: its card is away; {@code lost}: its appliance keeps no
 *     lease; {@code away}: its holder cannot reach it; {@code stuck}: its holder does not let go;
 *     {@code failed}
 * @param cause why it is not ok, in words; "" if it is
 * @param assignment null while it has none
 * @param load counters since its process began
 * @param revision of its document
 */
public record FunctionView(
    String function,
    String card,
    String deviceId,
    int classCode,
    long capacityBytes,
    Map<String, String> identity,
    String tenant,
    List<String> pools,
    String state,
    String health,
    String cause,
    AssignmentView assignment,
    Load load,
    long revision) {}
