package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.BlockStore;
import farslot.function.BlockStore.Status;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Uses a store one request at a time, and checks how it reports. */
final class StoreDriver implements BlockStore.Done {
  private final BlockStore store;
  private final TestPort port = new TestPort();
  private long cookie = 100;
  private Status status;
  private boolean inside;

  StoreDriver(BlockStore store) {
    this.store = store;
    store.open(port);
  }

  Status write(long position, byte[] data, boolean durable) throws InterruptedException {
    MemorySegment from = Arena.ofAuto().allocate(data.length + 3);
    MemorySegment.copy(data, 0, from, ValueLayout.JAVA_BYTE, 3, data.length);
    return ended(() -> store.write(position, from, 3, data.length, durable, this, cookie));
  }

  byte[] read(long position, int bytes) throws InterruptedException {
    MemorySegment to = Arena.ofAuto().allocate(bytes + 5).fill((byte) 0x5A);
    assertThat(ended(() -> store.read(position, to, 5, bytes, this, cookie))).isEqualTo(Status.OK);
    assertThat(to.asSlice(0, 5).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x5A);
    return to.asSlice(5).toArray(ValueLayout.JAVA_BYTE);
  }

  Status readStatus(long position, int bytes) throws InterruptedException {
    MemorySegment to = Arena.ofAuto().allocate(bytes);
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
    inside = true;
    request.run();
    inside = false;
    while (status == null) {
      port.turn();
    }
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
