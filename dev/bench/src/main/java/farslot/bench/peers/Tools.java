package farslot.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Programs of others that this machine has. Nothing is installed: what is missing is said. */
public final class Tools {
  private final List<Path> folders = new ArrayList<>();

  /**
   * @param more folders to look into before those of PATH
   */
  public Tools(List<Path> more) {
    folders.addAll(more);
    String path = System.getenv().getOrDefault("PATH", "");
    for (String each : (path + ":/usr/sbin:/usr/local/sbin").split(":")) {
      if (!each.isEmpty()) {
        folders.add(Path.of(each));
      }
    }
  }

  /** Where a program is. */
  Optional<Path> find(String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Where a program is that has been looked for before.
   *
   * @throws IllegalStateException when it has gone
   */
  String path(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalStateException(name + " is not there any more"))
        .toString();
  }

  /** Those that are not there. */
  List<String> missing(List<String> names) {
    return names.stream().filter(name -> find(name).isEmpty()).toList();
  }
}
