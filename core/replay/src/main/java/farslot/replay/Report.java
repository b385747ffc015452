package farslot.replay;

import java.util.List;

/**
 * What became of a replay.
 *
 * @param function as the capture calls it
 * @param said TLPs and resets that the card got, of those that the capture has from the server
 * @param saidOf how many the capture has from the server
 * @param same what the card did as in the capture: TLPs, with a request's completions as one
 * @param sameOf how many of these the capture has
 * @param differences the first of them, in the order in which they showed
 * @param differenceCount all of them
 * @param notes for people: what may explain differences
 * @param durationNs how long it took
 */
public record Report(
    String function,
    long said,
    long saidOf,
    long same,
    long sameOf,
    List<Difference> differences,
    long differenceCount,
    List<String> notes,
    long durationNs) {}
