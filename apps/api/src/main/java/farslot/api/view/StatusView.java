package farslot.api.view;

import java.util.List;

/**
 * The fabric on one page, as {@code GET /api/v1/status} tells it.
 *
 * @param fabric its name
 * @param instance of the manager, new with each start
 * @param software what the manager runs
 * @param upMs since the manager began
 * @param revision of the store
 * @param writable "" if changes are taken, or why not
 * @param troubles what somebody should look at, the worst first
 */
public record StatusView(
    String fabric,
    String instance,
    String software,
    long upMs,
    long revision,
    String writable,
    int appliances,
    int appliancesPresent,
    int servers,
    int serversPresent,
    int guests,
    int guestsRunning,
    int functions,
    int functionsAttached,
    int functionsFree,
    int profiles,
    int profilesApplied,
    List<Trouble> troubles) {}
