package farslot.store.engine;

import farslot.store.Bytes;
import farslot.store.Event;
import farslot.store.KeyValue;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries as bytes, big-endian: a kind, then the fields in their order; a key with its length in
 * two bytes, a value in four.
 */
public final class EntryCodec {
  private static final int REVISED = 1;
  private static final int GRANTED = 2;
  private static final int REVOKED = 3;
  private static final int COMPACTED = 4;
  private static final int BASE = 5;
  private static final int EXISTING = 6;
  private static final int END = 7;

  private static final int PUT = 1;
  private static final int DELETE = 2;

  /** The shortest event: a kind, a key's length and a character. */
  private static final int EVENT_BYTES_MIN = 4;

  private EntryCodec() {}

  /** Bytes that are no entries. The message says what is wrong. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedException(String message) {
      super(message);
    }
  }

  /** Appends an entry. */
  public static void write(Entry entry, ByteArrayOutputStream to) {
    try (DataOutputStream out = new DataOutputStream(to)) {
      write(entry, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail so.
    }
  }

  private static void write(Entry entry, DataOutputStream out) throws IOException {
    switch (entry) {
      case Entry.Revised revised -> {
        out.writeByte(REVISED);
        out.writeLong(revised.revision());
        out.writeInt(revised.events().size());
        for (Event event : revised.events()) {
          write(event, out);
        }
      }
      case Entry.Granted granted -> {
        out.writeByte(GRANTED);
        out.writeLong(granted.lease());
        out.writeLong(granted.ttlNs());
      }
      case Entry.Revoked revoked -> {
        out.writeByte(REVOKED);
        out.writeLong(revoked.lease());
      }
      case Entry.Compacted compacted -> {
        out.writeByte(COMPACTED);
        out.writeLong(compacted.revision());
      }
      case Entry.Base base -> {
        out.writeByte(BASE);
        out.writeLong(base.revision());
        out.writeLong(base.lastLease());
      }
      case Entry.Existing existing -> {
        out.writeByte(EXISTING);
        out.writeLong(existing.item().modRevision());
        write(existing.item(), out);
      }
      case Entry.End end -> {
        out.writeByte(END);
        out.writeLong(end.revision());
        out.writeInt(end.keys());
      }
    }
  }

  private static void write(Event event, DataOutputStream out) throws IOException {
    switch (event) {
      case Event.Put put -> {
        out.writeByte(PUT);
        write(put.item(), out);
      }
      case Event.Delete delete -> {
        out.writeByte(DELETE);
        writeKey(delete.key(), out);
      }
    }
  }

  private static void write(KeyValue item, DataOutputStream out) throws IOException {
    writeKey(item.key(), out);
    out.writeLong(item.createRevision());
    out.writeLong(item.version());
    out.writeLong(item.lease());
    out.writeInt(item.value().length());
    out.write(item.value().toArray());
  }

  private static void writeKey(String key, DataOutputStream out) throws IOException {
    out.writeShort(key.length());
    out.write(key.getBytes(StandardCharsets.US_ASCII));
  }

  /** All entries up to the buffer's limit. */
  public static List<Entry> read(ByteBuffer from) throws MalformedException {
    List<Entry> entries = new ArrayList<>();
    try {
      while (from.hasRemaining()) {
        entries.add(readOne(from));
      }
    } catch (BufferUnderflowException e) {
      throw new MalformedException("an entry is longer than its frame");
    }
    return entries;
  }

  private static Entry readOne(ByteBuffer from) throws MalformedException {
    int kind = from.get();
    return switch (kind) {
      case REVISED -> readRevised(from);
      case GRANTED -> new Entry.Granted(from.getLong(), from.getLong());
      case REVOKED -> new Entry.Revoked(from.getLong());
      case COMPACTED -> new Entry.Compacted(from.getLong());
      case BASE -> new Entry.Base(from.getLong(), from.getLong());
      case EXISTING -> new Entry.Existing(readItem(from, from.getLong()));
      case END -> new Entry.End(from.getLong(), from.getInt());
      default -> throw new MalformedException("no entry is of kind " + kind);
    };
  }

  private static Entry readRevised(ByteBuffer from) throws MalformedException {
    long revision = from.getLong();
    int count = from.getInt();
    if (count < 1 || count > from.remaining() / EVENT_BYTES_MIN) {
      throw new MalformedException("a revision of " + count + " events");
    }
    List<Event> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int kind = from.get();
      switch (kind) {
        case PUT -> events.add(new Event.Put(readItem(from, revision)));
        case DELETE -> events.add(new Event.Delete(readKey(from), revision));
        default -> throw new MalformedException("no event is of kind " + kind);
      }
    }
    return new Entry.Revised(revision, events);
  }

  private static KeyValue readItem(ByteBuffer from, long modRevision) {
    String key = readKey(from);
    long createRevision = from.getLong();
    long version = from.getLong();
    long lease = from.getLong();
    Bytes value = Bytes.of(take(from, from.getInt()));
    return new KeyValue(key, value, createRevision, modRevision, version, lease);
  }

  private static String readKey(ByteBuffer from) {
    return new String(take(from, from.getShort()), StandardCharsets.US_ASCII);
  }

  private static byte[] take(ByteBuffer from, int length) {
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }
}
