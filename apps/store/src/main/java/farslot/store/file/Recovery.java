package farslot.store.file;

import farslot.store.StoreDamagedException;
import farslot.store.engine.Entry;
import farslot.store.engine.Replay;
import farslot.store.engine.State;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes a state of what is on the disk. Changes nothing there before all is understood, and never
 * adds to what another process wrote: if that one was told of a sync that failed, the kernel shows
 * bytes that the disk does not have, and a new sync does not write them. A new generation does.
 */
final class Recovery {
  private final Disk disk;
  private final State state;
  private final Set<String> names;

  private Recovery(Disk disk, State state) throws IOException {
    this.disk = disk;
    this.state = state;
    names = disk.names();
  }

  /**
   * Reads a store, or begins one.
   *
   * @param state a new one
   * @param ids for a new store
   * @throws StoreDamagedException if what was recorded cannot be read
   */
  static Generations open(Disk disk, State state, Supplier<UUID> ids)
      throws IOException, StoreDamagedException {
    Recovery recovery = new Recovery(disk, state);
    OptionalLong generation = FileNames.highestSnapshot(recovery.names);
    recovery.requireNoLogWithoutSnapshot(generation.orElse(0));
    return generation.isPresent()
        ? recovery.read(generation.getAsLong())
        : recovery.begin(ids.get());
  }

  /**
   * A log gets its first change when its snapshot has its name: one that has changes and no
   * snapshot has lost it.
   */
  private void requireNoLogWithoutSnapshot(long generation)
      throws IOException, StoreDamagedException {
    for (long each : FileNames.logs(names).filter(log -> log > generation).toArray()) {
      String name = FileNames.log(each);
      try (DiskFile file = disk.open(name)) {
        if (file.size() > FileHeader.BYTES) {
          throw new StoreDamagedException(
              ("%s is not there, but %s is. Nothing was changed. Restore the directory from a"
                      + " backup; or move it away and begin with an empty one")
                  .formatted(disk.path(FileNames.snapshot(each)), disk.path(name)));
        }
      }
    }
  }

  private Generations begin(UUID store) throws IOException {
    sweep(0);
    Replay replay = new Replay(state);
    replay.take(new Entry.Base(0, 0));
    replay.take(new Entry.End(0, 0));
    replay.finish();
    return new Generations(disk, store, 0);
  }

  private Generations read(long generation) throws IOException, StoreDamagedException {
    Replay replay = new Replay(state);
    UUID store = readSnapshot(generation, replay);
    readLog(generation, store, replay);
    // Its name may not be on the disk yet, if the process was killed right after giving it.
    disk.sync();
    sweep(generation);
    replay.finish();
    return new Generations(disk, store, generation);
  }

  private UUID readSnapshot(long generation, Replay replay)
      throws IOException, StoreDamagedException {
    String name = FileNames.snapshot(generation);
    try (DiskFile file = disk.open(name)) {
      FrameReader reader = new FrameReader(disk.path(name), file);
      UUID store = expect(reader, FileHeader.Kind.SNAPSHOT, generation, null);
      reader.readInto(replay);
      if (!reader.atEnd() || !replay.complete()) {
        throw reader.damaged("no whole frame stands at byte " + reader.end());
      }
      return store;
    }
  }

  private void readLog(long generation, UUID store, Replay replay)
      throws IOException, StoreDamagedException {
    String name = FileNames.log(generation);
    if (!names.contains(name)) {
      throw new StoreDamagedException(
          ("%s is not there. Nothing was changed. Restore the directory from a backup; or move it"
                  + " away and begin with an empty one")
              .formatted(disk.path(name)));
    }
    try (DiskFile file = disk.open(name)) {
      FrameReader reader = new FrameReader(disk.path(name), file);
      expect(reader, FileHeader.Kind.LOG, generation, store);
      reader.readInto(replay);
      reader.requireTornOnly();
      // After a kill the last frame may be whole and not on the disk. Nobody sees it before it is.
      file.sync();
    }
  }

  /**
   * @param store which it should be of; null if any
   */
  private static UUID expect(FrameReader reader, FileHeader.Kind kind, long generation, UUID store)
      throws IOException, StoreDamagedException {
    FileHeader header = reader.header();
    if (header == null) {
      throw reader.damaged("it is too short");
    }
    FileHeader expected = new FileHeader(kind, generation, store == null ? header.store() : store);
    if (!header.equals(expected)) {
      throw reader.damaged("it says that it is " + header + ", and should be " + expected);
    }
    return header.store();
  }

  /** Deletes what attempts and earlier generations have left. */
  private void sweep(long generation) throws IOException {
    for (String name : names) {
      boolean kept =
          name.equals(FileNames.snapshot(generation)) || name.equals(FileNames.log(generation));
      if (FileNames.ours(name) && !kept) {
        disk.delete(name);
      }
    }
  }
}
