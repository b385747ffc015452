package farslot.api.agent;

import farslot.api.ApiException;
import farslot.api.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An agent's last orders on its disk: with the manager away it goes on with them, also after a
 * restart. Replaced as a whole.
 */
final class OrdersFile {
  private static final int BYTES_MAX = 64 << 20;

  private final Path file;
  private final AgentKind kind;
  private final String name;

  OrdersFile(Path file, AgentKind kind, String name) {
    this.file = file;
    this.kind = kind;
    this.name = name;
  }

  /**
   * What it says.
   *
   * @return empty if there is none yet
   * @throws IOException if it cannot be read, or is another agent's; its message says what to do
   */
  Optional<Orders> read() throws IOException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException(file + " is larger than orders ever are; remove it");
      }
      JsonNode all = Json.parse(Files.readString(file));
      String whose = all.path("kind").asString("") + " " + all.path("name").asString("");
      if (!whose.equals(kind.word() + " " + name)) {
        throw new IOException(
            "%s has orders of %s, not of %s %s; remove it"
                .formatted(file, whose, kind.word(), name));
      }
      JsonNode orders = all.path("orders");
      return Optional.of(
          switch (kind) {
            case APPLIANCE -> Json.readTolerantly(orders, ApplianceOrders.class);
            case INITIATOR -> Json.readTolerantly(orders, InitiatorOrders.class);
          });
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (ApiException e) {
      throw new IOException(file + " is damaged (" + e.getMessage() + "); remove it", e);
    }
  }

  /** The disk has them when this returns. */
  void write(Orders orders) throws IOException {
    ObjectNode all = Json.object().put("kind", kind.word()).put("name", name);
    all.set("orders", Json.tree(orders));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(Json.text(all).getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true); // Otherwise the name may still be the old file's after a power cut.
    }
  }
}
