package farslot.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A text file of the repository.
 *
 * @param path from the repository's root, with slashes
 * @param text all of it
 */
record SourceFile(String path, String text) {
  private static final Set<String> SKIPPED =
      Set.of("target", ".git", ".cache", ".idea", "node_modules");
  private static final Set<String> ENDINGS =
      Set.of("java", "md", "xml", "yaml", "yml", "sh", "py", "json", "properties", "txt");
  private static final long BYTES_MAX = 4 << 20;

  /** The repository's root: the nearest folder above that holds LICENSE and core. */
  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null
        && !(Files.exists(at.resolve("LICENSE")) && Files.exists(at.resolve("core")))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("no LICENSE and core/ above " + Path.of("").toAbsolutePath());
    }
    return at;
  }

  /** Every text file that people write; a file without an ending counts when it is a script. */
  static List<SourceFile> all() {
    List<SourceFile> files = new ArrayList<>();
    Path root = root();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              boolean skip = SKIPPED.contains(String.valueOf(folder.getFileName()));
              return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile() && attributes.size() <= BYTES_MAX && isText(file)) {
                String path = root.relativize(file).toString().replace('\\', '/');
                files.add(new SourceFile(path, Files.readString(file)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static boolean isText(Path file) throws IOException {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      return ENDINGS.contains(name.substring(dot + 1));
    }
    if (name.equals("Makefile") || name.equals("LICENSE")) {
      return true;
    }
    try (var in = Files.newInputStream(file)) {
      return in.read() == '#' && in.read() == '!';
    }
  }

  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isModule() {
    return path.endsWith("/module-info.java");
  }

  /** What ships, as opposed to what tests. */
  boolean isMain() {
    return isJava() && path.contains("/src/main/");
  }

  /**
   * {@code core/pcie} of {@code core/pcie/src/...}; the first folder alone if there is no second.
   */
  String room() {
    String[] parts = path.split("/");
    return parts.length > 2 ? parts[0] + "/" + parts[1] : parts[0];
  }

  /**
   * {@code farslot.pcie.config} of {@code core/pcie/src/main/java/farslot/pcie/config/Aer.java}.
   */
  String javaPackage() {
    String folder =
        path.substring(path.indexOf("/java/") + "/java/".length(), path.lastIndexOf('/'));
    return folder.replace('/', '.');
  }

  List<String> lines() {
    return text.lines().toList();
  }

  /** Java without comments and the insides of literals, line for line. */
  List<String> code() {
    return new JavaCode(text).lines();
  }

  /** {@code path:line}, as editors jump to. */
  String at(int lineIndex) {
    return path + ":" + (lineIndex + 1);
  }
}
