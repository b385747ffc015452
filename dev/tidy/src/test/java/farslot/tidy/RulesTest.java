package farslot.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That the rules can fail: what they read, and what they say no to. */
class RulesTest {
  @Test
  void commentsAndLiteralsAreNoCode() {
    String source =
        """
        a; // System.out
        /* System.out
        */ b; String s = "System.out \\" still"; char c = '"';
        d;
        """;
    assertThat(new JavaCode(source).lines())
        .hasSize(4)
        .noneMatch(line -> line.contains("System.out"))
        .noneMatch(line -> line.contains("still"))
        .anyMatch(line -> line.contains("d;"));
    assertThat(new JavaCode("System.out.println(1);").lines())
        .containsExactly("System.out.println(1);");
  }

  @Test
  void arrows() {
    assertThat(Rooms.permits("core/function", "pcie.TlpView", false)).isTrue();
    assertThat(Rooms.permits("core/function", "function.Dma", false)).isTrue();
    assertThat(Rooms.permits("core/pcie", "function.Dma", false)).isFalse();
    assertThat(Rooms.permits("core/link", "linux.EventLoop", false)).isFalse();
    assertThat(Rooms.permits("cards/nvme", "cards.nvme.NvmeProvider", false)).isTrue();
    assertThat(Rooms.permits("cards/nvme", "cards.scratch.ScratchProvider", true)).isFalse();
    assertThat(Rooms.permits("cards/nvme", "linux.EventLoop", false)).isFalse();
    assertThat(Rooms.permits("cards/nvme", "testkit.TestStore", true)).isTrue();
    assertThat(Rooms.permits("cards/nvme", "testkit.TestStore", false)).isFalse();
    assertThat(Rooms.known("host/vfio")).isFalse();
  }

  @Test
  void filesKnowTheirRoom() {
    SourceFile file = new SourceFile("core/pcie/src/main/java/farslot/pcie/Bdf.java", "x");
    assertThat(file.room()).isEqualTo("core/pcie");
    assertThat(file.isMain()).isTrue();
    assertThat(new SourceFile("core/pcie/src/test/java/X.java", "").isMain()).isFalse();
  }

  @Test
  void pagesKnowWhereTheyPointTo() {
    SourceFile file =
        new SourceFile(
            "docs/guide/a.md",
            """
            # What `x` costs, in all: [more](b.md)
            [b](../b.md#some-heading), [here](#c) and [there](https://example.org/)
            ```
            # no heading, [no link](c.md)
            ```
            """);
    Page page = new Page(file);
    assertThat(page.anchors()).containsExactly("what-x-costs-in-all-more");
    assertThat(page.links())
        .containsExactly(
            new Page.Link(0, "b.md", "docs/guide/b.md", ""),
            new Page.Link(1, "../b.md#some-heading", "docs/b.md", "some-heading"),
            new Page.Link(1, "#c", "docs/guide/a.md", "c"));
  }

  @Test
  void circlesAreFound() {
    assertThat(Cycles.of(Map.of("a", Set.of("b", "c"), "b", Set.of("c"), "c", Set.of()))).isEmpty();
    assertThat(Cycles.of(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"))))
        .hasSize(1)
        .first()
        .satisfies(cycle -> assertThat(cycle).hasSize(3).contains("b", "c"));
  }
}
