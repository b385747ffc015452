package farslot.memory;

import java.lang.foreign.MemorySegment;

/**
 * Memory of a server that cannot be mapped and is reached by messages (vfio-user's DMA_READ and
 * DMA_WRITE). Requests are carried out in the order of the calls. On the owner's thread; {@code
 * done} comes there too, later, never from inside the call.
 */
public interface MessagedMemory {
  /** Where an answer arrives. */
  interface Done {
    /**
     * @param cookie as given
     * @param ok false when the server refused or the session ended
     * @param data what was read, valid during the call; null for writes and refusals
     * @param offset where it begins in {@code data}
     */
    void done(long cookie, boolean ok, MemorySegment data, long offset);
  }

  /** Reads 1 to 4096 bytes at an IOVA. */
  void read(long iova, int bytes, Done done, long cookie);

  /** Writes 1 to 4096 bytes at an IOVA; the bytes are copied before this returns. */
  void write(long iova, MemorySegment from, long offset, int bytes, Done done, long cookie);
}
