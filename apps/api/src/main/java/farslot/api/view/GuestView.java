package farslot.api.view;

import java.util.List;

/**
 * A guest of a server.
 *
 * @param running whether its hypervisor answers
 * @param freeSlots root ports that nothing is behind
 * @param detail the hypervisor, or why it does not answer
 * @param functions that are assigned to it
 */
public record GuestView(
    String name, boolean running, int freeSlots, String detail, List<String> functions) {}
