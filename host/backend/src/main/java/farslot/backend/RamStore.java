package farslot.backend;

import farslot.function.BlockStore;
import farslot.function.FunctionPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk in memory, lost when the appliance ends. It grows by chunks as it is written, so that a
 * large one costs what is in it, and gives whole chunks back when they are deallocated.
 */
public final class RamStore implements BlockStore {
  /** How it grows, bytes. A power of two. */
  static final int CHUNK_BYTES = 1 << 20;

  /** The largest there may be, bytes: as many chunks as an array holds without thought. */
  public static final long SIZE_BYTES_MAX = 1L << 40;

  /** What has never been written reads so. One for all, and nobody writes to it. */
  private static final MemorySegment ZEROES = Arena.global().allocate(CHUNK_BYTES, 4096);

  private final long sizeBytes;
  private final MemorySegment[] chunks;

  /** What each chunk goes back with. Shared ones: automatic ones count against the heap's size. */
  private final Arena[] arenas;

  private List<Arena> retired = new ArrayList<>();
  private int blockBytes;
  private final Completions completions = new Completions();

  /**
   * @param sizeBytes 1 to {@link #SIZE_BYTES_MAX}
   */
  public RamStore(long sizeBytes) {
    if (sizeBytes <= 0 || sizeBytes > SIZE_BYTES_MAX) {
      throw new IllegalArgumentException("size " + sizeBytes);
    }
    this.sizeBytes = sizeBytes;
    chunks = new MemorySegment[(int) ((sizeBytes + CHUNK_BYTES - 1) / CHUNK_BYTES)];
    arenas = new Arena[chunks.length];
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public int blockBytes() {
    return blockBytes;
  }

  @Override
  public void blockBytes(int bytes) {
    blockBytes = bytes;
  }

  @Override
  public void open(FunctionPort port) {
    completions.open(port);
  }

  @Override
  public MemorySegment memory(long position, int bytes) {
    if (!inOneChunk(position, bytes)) {
      return null;
    }
    MemorySegment chunk = chunks[(int) (position / CHUNK_BYTES)];
    return chunk == null ? ZEROES : chunk;
  }

  @Override
  public MemorySegment memoryToWrite(long position, int bytes) {
    return inOneChunk(position, bytes) ? grown((int) (position / CHUNK_BYTES)) : null;
  }

  @Override
  public long memoryOffset(long position) {
    return position % CHUNK_BYTES;
  }

  private static boolean inOneChunk(long position, int bytes) {
    return position % CHUNK_BYTES + bytes <= CHUNK_BYTES;
  }

  @Override
  public void read(
      long position, MemorySegment to, long offset, int bytes, Done done, long cookie) {
    long end = position + bytes;
    while (position < end) {
      long part = part(position, end);
      MemorySegment chunk = chunks[(int) (position / CHUNK_BYTES)];
      if (chunk == null) {
        chunk = ZEROES;
      }
      MemorySegment.copy(chunk, position % CHUNK_BYTES, to, offset, part);
      position += part;
      offset += part;
    }
    finish(Status.OK, done, cookie);
  }

  @Override
  public void write(
      long position,
      MemorySegment from,
      long offset,
      int bytes,
      boolean durable,
      Done done,
      long cookie) {
    long end = position + bytes;
    Status status = Status.OK;
    while (position < end) {
      long part = part(position, end);
      MemorySegment chunk = grown((int) (position / CHUNK_BYTES));
      if (chunk == null) {
        status = Status.NO_SPACE;
        break;
      }
      MemorySegment.copy(from, offset, chunk, position % CHUNK_BYTES, part);
      position += part;
      offset += part;
    }
    finish(status, done, cookie);
  }

  @Override
  public void flush(Done done, long cookie) {
    finish(Status.OK, done, cookie);
  }

  @Override
  public void deallocate(long position, long bytes, Done done, long cookie) {
    zero(position, position + bytes);
    finish(Status.OK, done, cookie);
  }

  @Override
  public void writeZeroes(long position, long bytes, boolean durable, Done done, long cookie) {
    zero(position, position + bytes);
    finish(Status.OK, done, cookie);
  }

  @Override
  public void close() {
    for (int i = 0; i < chunks.length; i++) {
      release(i);
    }
    giveBack();
  }

  /** Chunks that hold memory now. */
  int chunksHeld() {
    int held = 0;
    for (MemorySegment chunk : chunks) {
      held += chunk == null ? 0 : 1;
    }
    return held;
  }

  private void zero(long position, long end) {
    while (position < end) {
      long part = part(position, end);
      int index = (int) (position / CHUNK_BYTES);
      if (part == CHUNK_BYTES) {
        release(index);
      } else if (chunks[index] != null) {
        chunks[index].asSlice(position % CHUNK_BYTES, part).fill((byte) 0);
      }
      position += part;
    }
    giveBack();
  }

  /** Bytes from {@code position} to the end of its chunk, or of the range. */
  private static long part(long position, long end) {
    return Math.min(end - position, CHUNK_BYTES - position % CHUNK_BYTES);
  }

  private MemorySegment grown(int index) {
    if (chunks[index] == null) {
      Arena arena = Arena.ofShared();
      try {
        chunks[index] = arena.allocate(CHUNK_BYTES, 4096);
        arenas[index] = arena;
      } catch (OutOfMemoryError e) {
        // To the server a thin disk whose pool is full.
        arena.close();
      }
    }
    return chunks[index];
  }

  private void release(int index) {
    if (chunks[index] != null) {
      retired.add(arenas[index]);
      chunks[index] = null;
      arenas[index] = null;
    }
  }

  /**
   * Elsewhere: closing a shared arena waits for every thread, the agent thread would stand still.
   */
  private void giveBack() {
    if (!retired.isEmpty()) {
      List<Arena> arenas = retired;
      retired = new ArrayList<>();
      Thread.startVirtualThread(() -> arenas.forEach(Arena::close));
    }
  }

  private void finish(Status status, Done done, long cookie) {
    Request request = completions.request();
    request.status = status;
    request.done = done;
    request.cookie = cookie;
    completions.put(request);
  }
}
