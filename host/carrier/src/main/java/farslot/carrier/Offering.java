package farslot.carrier;

import java.util.List;
import java.util.function.Supplier;

/**
 * What an appliance says about itself on an Ethernet segment, to whoever looks for one.
 *
 * @param nodeName as in its HELLO
 * @param instanceId as in its HELLO
 * @param functions names of what it offers now; asked for on the loop's thread, at a bounded rate
 */
public record Offering(String nodeName, long instanceId, Supplier<List<String>> functions) {}
