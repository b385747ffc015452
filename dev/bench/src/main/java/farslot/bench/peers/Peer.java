package farslot.bench.peers;

import farslot.bench.path.Load;
import java.nio.file.Path;
import java.util.List;

/** A way to a disk that is elsewhere. */
interface Peer {
  /** For keys: {@code nbd}. */
  String key();

  /** For people: a peer's server and client; of ours, what there is to add. */
  String words();

  /** Programs that have to be there. */
  List<String> needs();

  /** How to get what is missing, for people. */
  String toGet();

  /** Whether it can be asked for this. */
  default boolean does(Load load) {
    return true;
  }

  /** Starts its server with a disk in memory. */
  Disk open(Tools tools, Path dir) throws Exception;

  /** A disk that can be reached. */
  interface Disk extends AutoCloseable {
    /** Operations a second. */
    double perSecond(Load load, double seconds) throws Exception;

    /** Somebody else is measured. */
    void pause() throws Exception;

    /** This one is measured again. */
    void resume() throws Exception;

    @Override
    void close();
  }
}
