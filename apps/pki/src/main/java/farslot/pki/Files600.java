package farslot.pki;

import farslot.pki.PkiException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Small files that are there as a whole or not at all, and secret ones that are nobody else's. */
final class Files600 {
  private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private Files600() {}

  static void directory(Path dir) throws PkiException {
    try {
      if (!Files.isDirectory(dir)) {
        Files.createDirectories(dir, PosixFilePermissions.asFileAttribute(OURS_ALONE));
      }
    } catch (IOException e) {
      throw host("the directory " + dir + " cannot be made", e);
    }
  }

  /** Writes a file that is on stable media afterwards, under this very name. */
  static void write(Path file, String text, boolean secret) throws PkiException {
    try {
      Files.deleteIfExists(file);
      try (FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(secret ? OURS : READABLE))) {
        ByteBuffer left = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
    } catch (IOException e) {
      throw host(file + " cannot be written", e);
    }
  }

  /** Gives a written file its name; what had it before is gone. */
  static void rename(Path from, Path to) throws PkiException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel dir = FileChannel.open(to.toAbsolutePath().getParent())) {
        dir.force(true);
      }
    } catch (IOException e) {
      throw host(to + " cannot be replaced", e);
    }
  }

  /** Both steps. */
  static void replace(Path file, String text, boolean secret) throws PkiException {
    Path next = next(file);
    write(next, text, secret);
    rename(next, file);
  }

  static void delete(Path file) throws PkiException {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw host(file + " cannot be deleted", e);
    }
  }

  static Path next(Path file) {
    return file.resolveSibling(file.getFileName() + ".next");
  }

  /**
   * Reads a file.
   *
   * @param missing what to do when it is not there
   */
  static String read(Path file, boolean secret, String missing) throws PkiException {
    try {
      if (secret) {
        requireSecret(file);
      }
      if (Files.size(file) > Limits.FILE_BYTES_MAX) {
        throw new PkiException(
            Reason.MALFORMED,
            file + " cannot be used",
            "it has more than " + Limits.FILE_BYTES_MAX + " bytes",
            "put the right file there");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new PkiException(Reason.MISSING, file + " is not there", "no such file", missing, e);
    } catch (IOException e) {
      throw host(file + " cannot be read", e);
    }
  }

  private static void requireSecret(Path file) throws IOException, PkiException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OURS.containsAll(permissions) && !OURS_ALONE.containsAll(permissions)) {
      throw new PkiException(
          Reason.KEY,
          file + " is not used",
          "others can reach this secret: its permissions are "
              + PosixFilePermissions.toString(permissions),
          "chmod 600 " + file);
    }
  }

  private static PkiException host(String what, IOException e) {
    String why = e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e);
    return new PkiException(
        Reason.HOST, what, why, "give this process the right to it, or another directory", e);
  }
}
