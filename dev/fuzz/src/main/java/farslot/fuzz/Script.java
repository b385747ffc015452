package farslot.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An input read as a list of deeds: what is not there any more reads as zeros. */
final class Script {
  private final ByteBuffer input;

  Script(byte[] input) {
    this.input = ByteBuffer.wrap(input);
  }

  boolean goesOn() {
    return input.hasRemaining();
  }

  int u8() {
    return input.hasRemaining() ? input.get() & 0xFF : 0;
  }

  /** A small number around 0, rarely a large one. */
  int delta() {
    return (byte) u8();
  }

  int u16() {
    return u8() << 8 | u8();
  }

  int i32() {
    return u16() << 16 | u16();
  }

  long i64() {
    return (long) i32() << 32 | i32() & 0xFFFF_FFFFL;
  }

  /** So many bytes; zeros behind the end. */
  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    input.get(bytes, 0, Math.min(count, input.remaining()));
    return bytes;
  }

  /** All that is left. */
  byte[] rest() {
    return Arrays.copyOfRange(input.array(), input.position(), input.limit());
  }

  /** Writes seeds. */
  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer u8(int... values) {
      for (int value : values) {
        out.write(value);
      }
      return this;
    }

    Writer u16(int value) {
      return u8(value >>> 8, value);
    }

    Writer i32(int value) {
      return u16(value >>> 16).u16(value);
    }

    Writer i64(long value) {
      return i32((int) (value >>> 32)).i32((int) value);
    }

    Writer bytes(byte[] bytes) {
      out.writeBytes(bytes);
      return this;
    }

    byte[] done() {
      return out.toByteArray();
    }
  }
}
