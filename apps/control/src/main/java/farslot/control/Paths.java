package farslot.control;

import farslot.link.PathStatus;
import java.util.List;

/** An initiator's ways to its appliance, which can be changed while it runs. On the data thread. */
public interface Paths {
  /** How they are, by number. */
  List<PathStatus> list();

  /**
   * Begins to use one more.
   *
   * @param address as in the configuration file
   * @return its number
   * @throws IllegalArgumentException with what is wrong, in words
   */
  int add(String address);

  /**
   * Uses one no more.
   *
   * @param which its number, or its address as in the configuration file
   * @return its number
   * @throws IllegalArgumentException with what is wrong, in words
   */
  int remove(String which);
}
