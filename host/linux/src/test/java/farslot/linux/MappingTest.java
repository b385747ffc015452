package farslot.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappingTest {
  @TempDir Path dir;

  @Test
  void twoMappingsOfAFileAreTheSameMemory() throws Exception {
    int fd = MemFd.create("test", 8192);
    Mapping whole = Mapping.confined(fd, 0, 8192, true);
    Mapping upper = Mapping.shared(fd, 4096, 4096, false);
    Fd.close(fd);
    whole.segment().set(ValueLayout.JAVA_INT, 4100, 0xCAFE);
    assertThat(upper.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(0xCAFE);
    assertThat(upper.segment().isReadOnly()).isTrue();
    MemorySegment slice = whole.segment().asSlice(8, 8);
    whole.close();
    upper.close();
    assertThatThrownBy(() -> slice.get(ValueLayout.JAVA_INT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingReallyUnmaps() throws Exception {
    int fd = MemFd.create("farslot-unmap-test", 4096);
    Mapping mapping = Mapping.confined(fd, 0, 4096, true);
    Fd.close(fd);
    assertThat(Files.readString(Path.of("/proc/self/maps"))).contains("farslot-unmap-test");
    mapping.close();
    assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain("farslot-unmap-test");
  }

  @Test
  void aRangeBeyondTheFileIsRefusedWhenMapped() throws Exception {
    int fd = MemFd.create("test", 8192);
    long[][] bad = {{0, 8193}, {4096, 4097}, {8192, 1}, {0, 0}, {-4096, 4096}, {0, Long.MAX_VALUE}};
    for (long[] range : bad) {
      assertThatThrownBy(() -> Mapping.confined(fd, range[0], range[1], true))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }
    Fd.close(fd);
  }

  @Test
  void sealsAreSeen() throws Exception {
    int fd = MemFd.create("test", 4096);
    try (Mapping loose = Mapping.confined(fd, 0, 4096, true)) {
      assertThat(loose.shrinkSealed()).isFalse();
    }
    MemFd.seal(fd, MemFd.SEAL_SHRINK | MemFd.SEAL_GROW);
    try (Mapping sealed = Mapping.confined(fd, 0, 4096, true)) {
      assertThat(sealed.shrinkSealed()).isTrue();
    }
    assertThatThrownBy(() -> Fd.truncate(fd, 0)).hasMessageContaining("EPERM");
    Fd.close(fd);
  }

  @Test
  void aTruncatedFileIsAnInternalErrorAndNotTheEndOfTheProcess() throws Exception {
    int fd = MemFd.create("test", 1 << 20);
    Mapping mapping = Mapping.confined(fd, 0, 1 << 20, true);
    Fd.truncate(fd, 0);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                mapping.segment().set(ValueLayout.JAVA_LONG, 4096L * i, 1);
              }
            })
        .isInstanceOf(InternalError.class);
    mapping.close();
    Fd.close(fd);
  }

  @Test
  void filesAreIdentified() throws Exception {
    Path path = dir.resolve("image");
    int fd = Fd.open(path.toString(), Fd.READ_WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0600);
    int again = Fd.dup(fd);
    assertThat(FileStat.of(again).inode()).isEqualTo(FileStat.of(path.toString()).inode());
    assertThat(FileStat.of(again).device()).isEqualTo(FileStat.of(path.toString()).device());
    assertThat(FileStat.of(fd).inode()).isEqualTo(Files.getAttribute(path, "unix:ino"));
    Fd.truncate(fd, 1 << 20);
    assertThat(FileStat.of(again).sizeBytes()).isEqualTo(1 << 20);
    assertThat(FileStat.of(fd).isRegular()).isTrue();
    assertThat(FileStat.of(dir.toString()).isDirectory()).isTrue();
    Fd.close(fd);
    Fd.close(again);
    assertThat(Fd.unlink(path.toString())).isTrue();
    assertThat(Fd.unlink(path.toString())).isFalse();
  }

  @Test
  void eventFdsAreTold() throws Exception {
    int event = EventFd.create();
    int memory = MemFd.create("test", 1);
    assertThat(EventFd.isEventFd(event)).isTrue();
    assertThat(EventFd.isEventFd(memory)).isFalse();
    assertThat(Fd.isNonBlocking(event)).isTrue();
    EventFd.signalUnlessFull(event);
    assertThat(EventFd.drain(event)).isTrue();
    MemorySegment full = Arena.ofAuto().allocate(8, 8);
    full.set(ValueLayout.JAVA_LONG, 0, -2);
    assertThat(Fd.write(event, full, 0, 8)).isEqualTo(8);
    EventFd.signal(event);
    EventFd.signalUnlessFull(event);
    Fd.close(event);
    Fd.close(memory);
  }
}
