package farslot.api.view;

import farslot.api.agent.RailReport;
import java.util.List;
import java.util.Map;

/**
 * A server, as {@code GET /api/v1/servers} tells it.
 *
 * @param software what its initiator said that it runs
 * @param present whether its initiator keeps its lease
 * @param silentMs since its last report; -1 if there was none since this manager runs
 * @param functions that are assigned to it or its guests
 * @param rails its ways to appliances
 * @param control its control socket on its own machine; "" for none
 * @param revision of its document
 */
public record ServerView(
    String name,
    String software,
    Map<String, String> labels,
    boolean present,
    long silentMs,
    List<GuestView> guests,
    List<String> functions,
    List<RailReport> rails,
    String control,
    long revision) {}
