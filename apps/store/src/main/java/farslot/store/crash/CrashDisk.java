package farslot.store.crash;

import farslot.store.file.Disk;
import farslot.store.file.DiskFile;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk that forgets. What was written and not synced survives a power cut sector by sector, as
 * chance has it: earlier ones may be lost while later ones are there, a file may have its new size
 * and none of its bytes, a name may be given and the one before it not be gone. A sync that fails
 * lets the rest of what it should have written be taken for written, as kernels do.
 */
public final class CrashDisk implements Disk {
  /** The machine went off; thrown by whatever is done from then on. */
  public static final class PowerCut extends Error {
    private static final long serialVersionUID = 1;

    PowerCut() {
      super("power cut", null, false, false);
    }
  }

  private static final int SECTOR = 512;

  private static final class Inode {
    byte[] now = new byte[0];
    byte[] durable = new byte[0];
    int smallest;
    final BitSet dirty = new BitSet();
  }

  /** A change of names: what goes, and what comes in its place. */
  private record NameChange(String gone, String come, Inode inode) {
    boolean isRename() {
      return come != null && !come.equals(gone);
    }
  }

  private final Random random;
  private final Map<String, Inode> names = new TreeMap<>();
  private final Map<String, Inode> durableNames = new TreeMap<>();
  private final List<NameChange> unsyncedNames = new ArrayList<>();
  private int boot;
  private boolean down;
  private long operations;
  private long cutAt = Long.MAX_VALUE;
  private long bytesMax = Long.MAX_VALUE;
  private double faults;
  private boolean failNextSync;
  private boolean failNextNames;
  private boolean failCreates;

  public CrashDisk(Random random) {
    this.random = random;
  }

  // ---- what a test does to it

  public long operations() {
    return operations;
  }

  /** The power goes during this operation, counted from now; 1 is the next. */
  public void cutAfter(long more) {
    cutAt = operations + more;
  }

  public boolean isDown() {
    return down;
  }

  /** How much it holds, all files together. */
  public void capacity(long bytes) {
    bytesMax = bytes;
  }

  /** It holds no more than it does. */
  public void full() {
    bytesMax = used();
  }

  private long used() {
    return names.values().stream().mapToLong(each -> each.now.length).sum();
  }

  /** How likely an operation fails: 0 to 1. */
  public void faults(double chance) {
    faults = chance;
  }

  /** The next sync of a file fails. */
  public void failNextSync() {
    failNextSync = true;
  }

  /** The next sync of names behind a rename fails. */
  public void failNextNames() {
    failNextNames = true;
  }

  /** Whether files can be made. */
  public void failCreates(boolean fail) {
    failCreates = fail;
  }

  /** Power comes back: only what is on the platters is there, and chance's share of the rest. */
  public void powerUp() {
    boolean inOrder = random.nextBoolean();
    int first = random.nextInt(unsyncedNames.size() + 1);
    for (int i = 0; i < unsyncedNames.size(); i++) {
      if (inOrder ? i < first : random.nextBoolean()) {
        rename(durableNames, unsyncedNames.get(i));
      }
    }
    names.clear();
    names.putAll(durableNames);
    unsyncedNames.clear();
    names.values().forEach(this::loseUnsynced);
    restart();
  }

  /** The process was killed: all is as it was, and what was not synced still is not. */
  public void restart() {
    boot++;
    down = false;
    cutAt = Long.MAX_VALUE;
  }

  private void loseUnsynced(Inode inode) {
    int size =
        switch (random.nextInt(4)) {
          case 0 -> inode.durable.length;
          case 1 -> inode.now.length;
          case 2 -> inode.smallest;
          default -> between(inode.durable.length, inode.now.length);
        };
    byte[] left = Arrays.copyOf(inode.durable, Math.max(size, inode.durable.length));
    int chance = random.nextInt(5);
    inode.dirty.stream()
        .filter(sector -> random.nextInt(4) < chance)
        .forEach(sector -> copySector(inode.now, left, sector));
    inode.now = Arrays.copyOf(left, size);
    inode.durable = inode.now.clone();
    inode.smallest = size;
    inode.dirty.clear();
  }

  private int between(int one, int other) {
    return Math.min(one, other) + random.nextInt(Math.abs(one - other) + 1);
  }

  private static void copySector(byte[] from, byte[] to, int sector) {
    int at = sector * SECTOR;
    int end = Math.min(Math.min(from.length, to.length), at + SECTOR);
    if (at < end) {
      System.arraycopy(from, at, to, at, end - at);
    }
  }

  /** A file's bytes as they are now. */
  public byte[] bytes(String name) {
    return names.get(name).now.clone();
  }

  /** Makes a file, on the platters. */
  public void place(String name, byte[] bytes) {
    Inode inode = new Inode();
    inode.now = bytes.clone();
    inode.durable = bytes.clone();
    inode.smallest = bytes.length;
    names.put(name, inode);
    durableNames.put(name, inode);
  }

  public void remove(String name) {
    names.remove(name);
    durableNames.remove(name);
  }

  /** Another disk with the same files, all on the platters. */
  public CrashDisk copy(Random chance) {
    CrashDisk copy = new CrashDisk(chance);
    names.forEach((name, inode) -> copy.place(name, inode.now));
    return copy;
  }

  // ---- what a store does with it

  /** Counts, and says whether the power goes now. */
  private boolean cut() {
    if (down) {
      throw new PowerCut();
    }
    operations++;
    down = operations >= cutAt;
    return down;
  }

  private boolean fault() {
    return faults > 0 && random.nextDouble() < faults;
  }

  private static IOException broken() {
    return new IOException("Input/output error");
  }

  private static void rename(Map<String, Inode> where, NameChange change) {
    where.remove(change.gone());
    if (change.come() != null) {
      where.put(change.come(), change.inode());
    }
  }

  private void change(NameChange change) throws IOException {
    boolean cut = cut();
    if (!cut && fault()) {
      throw broken();
    }
    if (!cut || random.nextBoolean()) {
      rename(names, change);
      unsyncedNames.add(change);
    }
    if (cut) {
      throw new PowerCut();
    }
  }

  @Override
  public Set<String> names() {
    if (down) {
      throw new PowerCut();
    }
    return Set.copyOf(names.keySet());
  }

  @Override
  public DiskFile open(String name) throws IOException {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IOException(name + ": no such file");
    }
    return new Handle(inode, boot);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    if (failCreates) {
      throw new IOException("No space left on device");
    }
    Inode inode = new Inode();
    change(new NameChange(name, name, inode));
    return new Handle(inode, boot);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    change(new NameChange(from, to, names.get(from)));
  }

  @Override
  public void delete(String name) throws IOException {
    change(new NameChange(name, null, null));
  }

  @Override
  public void sync() throws IOException {
    boolean cut = cut();
    boolean renamed = unsyncedNames.stream().anyMatch(NameChange::isRename);
    if (!cut && (failNextNames && renamed || fault())) {
      failNextNames = false;
      throw broken();
    }
    if (!cut || random.nextBoolean()) {
      unsyncedNames.forEach(each -> rename(durableNames, each));
      unsyncedNames.clear();
    }
    if (cut) {
      throw new PowerCut();
    }
  }

  @Override
  public String path(String name) {
    return "crash/" + name;
  }

  @Override
  public void close() {}

  private final class Handle implements DiskFile {
    private final Inode inode;
    private final int opened;

    Handle(Inode inode, int opened) {
      this.inode = inode;
      this.opened = opened;
    }

    private boolean enter() {
      if (opened != boot) {
        throw new PowerCut();
      }
      return cut();
    }

    @Override
    public long size() {
      return inode.now.length;
    }

    @Override
    public void read(long at, byte[] to) throws IOException {
      if (at + to.length > inode.now.length) {
        throw new EOFException();
      }
      System.arraycopy(inode.now, (int) at, to, 0, to.length);
    }

    @Override
    public void write(long at, byte[] from) throws IOException {
      boolean cut = enter();
      long room = bytesMax - used();
      long grows = Math.max(0, at + from.length - inode.now.length);
      boolean fault = !cut && (grows > room || fault());
      int count = cut || fault ? random.nextInt(from.length + 1) : from.length;
      if (grows > room) {
        count = (int) Math.min(count, Math.max(0, inode.now.length + room - at));
      }
      put((int) at, from, count);
      if (cut) {
        throw new PowerCut();
      }
      if (fault) {
        throw grows > room ? new IOException("No space left on device") : broken();
      }
    }

    private void put(int at, byte[] from, int count) {
      if (count <= 0) {
        return;
      }
      if (at + count > inode.now.length) {
        inode.now = Arrays.copyOf(inode.now, at + count);
      }
      System.arraycopy(from, 0, inode.now, at, count);
      inode.dirty.set(at / SECTOR, (at + count - 1) / SECTOR + 1);
    }

    @Override
    public void truncate(long size) throws IOException {
      boolean cut = enter();
      if (!cut && fault()) {
        throw broken();
      }
      if (!cut || random.nextBoolean()) {
        inode.now = Arrays.copyOf(inode.now, (int) size);
        inode.smallest = Math.min(inode.smallest, (int) size);
        inode.dirty.set((int) (size / SECTOR));
      }
      if (cut) {
        throw new PowerCut();
      }
    }

    @Override
    public void sync() throws IOException {
      boolean cut = enter();
      if (cut && random.nextBoolean()) {
        throw new PowerCut();
      }
      if (!cut && (failNextSync || fault())) {
        failNextSync = false;
        // Some of it is written, the rest is forgotten, and no later sync tries again.
        inode.durable = Arrays.copyOf(inode.durable, inode.now.length);
        inode.dirty.stream()
            .filter(sector -> random.nextBoolean())
            .forEach(sector -> copySector(inode.now, inode.durable, sector));
        inode.dirty.clear();
        throw broken();
      }
      inode.durable = Arrays.copyOf(inode.durable, inode.now.length);
      inode.dirty.stream().forEach(sector -> copySector(inode.now, inode.durable, sector));
      inode.dirty.clear();
      inode.smallest = inode.now.length;
      if (cut) {
        throw new PowerCut();
      }
    }

    @Override
    public void close() {}
  }
}
