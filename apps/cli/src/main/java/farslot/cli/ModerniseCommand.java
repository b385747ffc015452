package farslot.cli;

import farslot.cli.output.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;

/**
 * Gives the classes of picocli, which is compiled for Java 5, the version and the stack maps of
 * today's (JVMS 4.7.4, 4.10.1). What they do stays the same; but a JVM keeps only such classes in
 * its AOT cache, and loading the others is a third of what a short command costs. In the folder of
 * modules that the script starts; the jar that Maven has is left alone.
 */
@Command(name = "__modernise", hidden = true, description = "Make picocli fit for an AOT cache.")
final class ModerniseCommand implements Callable<Integer> {
  private static final String LIBRARY = "info.picocli";
  private static final String MODULE_INFO = "module-info.class";

  @Override
  public Integer call() throws IOException {
    Path jar =
        ModuleLayer.boot()
            .configuration()
            .findModule(LIBRARY)
            .flatMap(found -> found.reference().location())
            .map(Path::of)
            .orElseThrow();
    Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
    try {
      if (rewrite(jar, fresh)) {
        // Processes that run keep the one that they have opened.
        Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
    return ExitCode.OK;
  }

  /** Writes the jar anew; whether that was of any use. */
  private static boolean rewrite(Path from, Path to) throws IOException {
    boolean any = false;
    try (JarFile jar = new JarFile(from.toFile());
        URLClassLoader classes =
            new URLClassLoader(
                new URL[] {from.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        OutputStream file = Files.newOutputStream(to);
        ZipOutputStream out = new ZipOutputStream(file)) {
      ClassFile format = format(classes);
      for (JarEntry entry : Collections.list(jar.entries())) {
        byte[] content = jar.getInputStream(entry).readAllBytes();
        String name = entry.getName();
        if (name.endsWith(".class") && !name.endsWith(MODULE_INFO)) {
          byte[] modern = modern(format, content);
          any |= modern != content;
          content = modern;
        }
        ZipEntry same = new ZipEntry(name);
        same.setTime(entry.getTime());
        out.putNextEntry(same);
        out.write(content);
        out.closeEntry();
      }
    }
    return any;
  }

  private static ClassFile format(ClassLoader classes) {
    return ClassFile.of(
        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
        ClassFile.DeadCodeOption.PATCH_DEAD_CODE,
        ClassFile.ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofResourceParsing(classes)));
  }

  /**
   * The same class in today's format; itself if it has that already, or cannot be brought to it.
   */
  private static byte[] modern(ClassFile format, byte[] old) {
    ClassModel model = format.parse(old);
    if (model.majorVersion() >= ClassFile.JAVA_7_VERSION) {
      return old;
    }
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_17_VERSION, 0);
          } else {
            builder.with(element);
          }
        };
    // Code that nobody touches would be copied as it is, without its stack maps.
    ClassTransform code =
        ClassTransform.transformingMethodBodies((builder, each) -> builder.with(each));
    byte[] modern = format.transformClass(model, version.andThen(code));
    return format.verify(modern).isEmpty() ? modern : old;
  }
}
