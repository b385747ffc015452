package farslot.fuzz;

import java.util.List;

/** Something that takes any bytes. Keeps nothing from one input to the next. */
interface Target {
  /**
   * Does with our code what the input says.
   *
   * @throws RuntimeException or an Error when our code misbehaves: a find
   */
  void run(byte[] input) throws Exception;

  /** Inputs to begin with, which reach far into the code. */
  List<byte[]> seeds();
}
