package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BlockStore;
import farslot.function.BlockStore.Status;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Uses a store one request at a time, and checks how it reports. Memory is in turn where a kernel
 * likes it and where it does not.
 */
final class StoreDriver implements BlockStore.Done {
  private static final int[] OFFSETS = {3, 512};

  private final BlockStore store;
  private final TestAgent agent;
  private long cookie = 100;
  private volatile Status status;
  private boolean inside;

  StoreDriver(BlockStore store) {
    this(store, new TestPort());
  }

  StoreDriver(BlockStore store, TestAgent agent) {
    this.store = store;
    this.agent = agent;
    store.open(agent);
  }

  private int offset() {
    return OFFSETS[(int) (cookie % OFFSETS.length)];
  }

  Status write(long position, byte[] data, boolean durable) throws InterruptedException {
    int offset = offset();
    MemorySegment from = Arena.ofAuto().allocate(data.length + offset, 4096);
    MemorySegment.copy(data, 0, from, ValueLayout.JAVA_BYTE, offset, data.length);
    return ended(() -> store.write(position, from, offset, data.length, durable, this, cookie));
  }

  byte[] read(long position, int bytes) throws InterruptedException {
    int offset = offset();
    MemorySegment to = Arena.ofAuto().allocate(bytes + offset, 4096).fill((byte) 0x5A);
    assertThat(ended(() -> store.read(position, to, offset, bytes, this, cookie)))
        .isEqualTo(Status.OK);
    assertThat(to.asSlice(0, offset).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x5A);
    return to.asSlice(offset).toArray(ValueLayout.JAVA_BYTE);
  }

  /** By {@link BlockStore#readAtOnce}: whether it was. */
  boolean readAtOnce(long position, byte[] into) throws InterruptedException {
    int offset = offset();
    MemorySegment to = Arena.ofAuto().allocate(into.length + offset, 4096);
    boolean[] atOnce = new boolean[1];
    assertThat(
            ended(
                () -> {
                  atOnce[0] = store.readAtOnce(position, to, offset, into.length, this, cookie);
                  status = atOnce[0] ? Status.OK : status;
                }))
        .isEqualTo(Status.OK);
    MemorySegment.copy(to, ValueLayout.JAVA_BYTE, offset, into, 0, into.length);
    return atOnce[0];
  }

  Status readStatus(long position, int bytes) throws InterruptedException {
    MemorySegment to = Arena.ofAuto().allocate(bytes, 4096);
    return ended(() -> store.read(position, to, 0, bytes, this, cookie));
  }

  Status flush() throws InterruptedException {
    return ended(() -> store.flush(this, cookie));
  }

  Status deallocate(long position, long bytes) throws InterruptedException {
    return ended(() -> store.deallocate(position, bytes, this, cookie));
  }

  Status writeZeroes(long position, long bytes, boolean durable) throws InterruptedException {
    return ended(() -> store.writeZeroes(position, bytes, durable, this, cookie));
  }

  private Status ended(Runnable request) throws InterruptedException {
    status = null;
    cookie++;
    agent.call(
        () -> {
          inside = true;
          request.run();
          inside = false;
        });
    agent.until(() -> status != null);
    return status;
  }

  @Override
  public void done(long cookie, Status status) {
    assertThat(inside).as("reported from inside the call").isFalse();
    assertThat(cookie).isEqualTo(this.cookie);
    assertThat(this.status).as("reported twice").isNull();
    this.status = status;
  }
}
