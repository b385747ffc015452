package farslot.backend;

import farslot.linux.DiskFile;
import farslot.linux.ErrnoException;
import farslot.linux.IoRing;

/** Requests' operations as the kernel wants them. */
final class KernelRing implements Ring {
  /** Requests prepared in one turn, beyond which another call is made. */
  private static final int ENTRIES = 128;

  /** Requests under way at once; more wait in line. */
  private static final int UNDER_WAY_MAX = 4096;

  /** Of one store: as many as keep a fast disk busy, and a small part of all. */
  static final int EACH_MAX = 256;

  private final IoRing ring;

  /**
   * @throws ErrnoException as {@link IoRing#open}
   */
  KernelRing() throws ErrnoException {
    ring = IoRing.open(ENTRIES, UNDER_WAY_MAX);
  }

  @Override
  public int fd() {
    return ring.fd();
  }

  @Override
  public int endsMax() {
    return ring.endsMax();
  }

  @Override
  public boolean hasRoom() {
    return ring.hasRoom();
  }

  @Override
  public void prepare(Request r, int tag) {
    DiskFile file = r.store.file();
    switch (r.operation) {
      case READ -> {
        int bytes = (int) r.bytes;
        boolean elsewhere = r.store.isSlowToBegin(r);
        ring.read(file, r.position, r.memory, r.offset, bytes, elsewhere, tag);
      }
      case WRITE -> ring.write(file, r.position, r.memory, r.offset, (int) r.bytes, r.flags, tag);
      case WRITE_ZEROES ->
          ring.write(file, r.position, FileStore.zeroes(), 0, FileStore.zeroBytes(r), 0, tag);
      case ZERO_RANGE ->
          ring.allocate(file, DiskFile.Allocation.ZERO_RANGE, r.position, r.bytes, tag);
      case PUNCH_HOLE ->
          ring.allocate(file, DiskFile.Allocation.PUNCH_HOLE, r.position, r.bytes, tag);
      case SYNC -> ring.sync(file, tag);
      case NOTE -> throw new AssertionError("io_uring does not note");
    }
  }

  @Override
  public int submit() throws ErrnoException {
    return ring.submit();
  }

  @Override
  public void await() throws ErrnoException {
    ring.await();
  }

  @Override
  public boolean next() {
    return ring.next();
  }

  @Override
  public int tag() {
    return (int) ring.tag();
  }

  @Override
  public int result() {
    return ring.result();
  }

  @Override
  public void close() {
    ring.close();
  }
}
