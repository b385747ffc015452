package farslot.api.agent;

/**
 * What a function has carried since its process began; counters only grow.
 *
 * @param bytesDown payload towards the card
 * @param bytesUp payload from the card
 * @param tlpsDown TLPs towards the card
 * @param tlpsUp TLPs from the card
 * @param operations the card's own count, such as commands or frames; 0 if it has none
 * @param delayedNs how long its TLPs had to wait for its rate, nanoseconds
 * @param latencyP50Ns half of the register reads were answered within this, of the last thousands;
 *     0 if unknown
 * @param latencyP99Ns the same of 99 in a hundred
 */
public record Load(
    long bytesDown,
    long bytesUp,
    long tlpsDown,
    long tlpsUp,
    long operations,
    long delayedNs,
    long latencyP50Ns,
    long latencyP99Ns) {
  public static final Load NONE = new Load(0, 0, 0, 0, 0, 0, 0, 0);
}
