package farslot.api.view;

import java.util.List;
import java.util.Map;

/**
 * An appliance, as {@code GET /api/v1/appliances} tells it.
 *
 * @param addresses where initiators reach it
 * @param software what it said that it runs
 * @param present whether it keeps its lease
 * @param silentMs since its last report; -1 if there was none since this manager runs
 * @param functions that it houses
 * @param free of these, assigned to nobody and usable
 * @param control its control socket on its own machine; "" for none
 * @param revision of its document
 */
public record ApplianceView(
    String name,
    List<String> addresses,
    String software,
    Map<String, String> labels,
    boolean present,
    long silentMs,
    int functions,
    int free,
    String control,
    long revision) {}
