package farslot.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.agent.FunctionOrder;
import farslot.api.agent.Qos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsTest {
  private static final Qos SOME = new Qos(1_000_000, 2_000_000, 0, 3);

  @TempDir Path dir;

  private static FunctionOrder order(long floor, String server, long epoch) {
    return new FunctionOrder(
        "disk0", floor, server, epoch, Map.of("serial", "A"), SOME, "j1:format");
  }

  /** Nobody else has the directory: what is read is what the last one has written. */
  private StateFiles files() throws IOException {
    StateFiles files = new StateDir(dir);
    files.close();
    return files;
  }

  @Test
  void anOrderSaysWhoMayHaveIt() {
    Grant grant = Grant.NONE.after(order(5, "a", 5));
    assertThat(grant).isEqualTo(new Grant(5, "a", 5, Map.of("serial", "A"), SOME, "j1:format", ""));
    assertThat(grant.shutOut()).isEqualTo(4);
    assertThat(grant.after(order(6, "", 0)).shutOut()).as("nobody's").isEqualTo(6);
  }

  @Test
  void anOrderThatIsOverChangesNothing() {
    Grant grant = Grant.NONE.after(order(5, "b", 5));
    assertThat(grant.after(order(4, "a", 4))).isSameAs(grant);
    assertThat(grant.after(order(5, "", 0)).server()).as("but what is as new does").isEmpty();
  }

  @Test
  void anAssignmentBelowItsOwnFloorIsNobodys() {
    Grant grant = Grant.NONE.after(order(6, "a", 5));
    assertThat(grant.server()).isEmpty();
    assertThat(grant.epoch()).isZero();
    assertThat(grant.floor()).isEqualTo(6);
  }

  @Test
  void withoutAnOrderTheFloorStays() {
    Grant grant = Grant.NONE.after(order(5, "a", 5)).done("j1").withoutOrder();
    assertThat(grant).isEqualTo(new Grant(5, "", 0, Map.of(), Qos.NONE, "", "j1"));
  }

  @Test
  void aJobIsDoneOnce() {
    Grant grant = Grant.NONE.after(order(5, "", 0));
    assertThat(grant.job()).isEqualTo("j1");
    assertThat(grant.jobKind()).isEqualTo("format");
    assertThat(grant.done("j1").job()).isEmpty();
    assertThat(grant.done("j0").job()).isEqualTo("j1");
    assertThat(Grant.NONE.job()).isEmpty();
  }

  @Test
  void areThereAfterARestart() throws IOException {
    Grant grant = Grant.NONE.after(order(5, "a", 7)).done("j0");
    new Grants(files()).keep(Map.of("disk0", grant, "disk1", Grant.NONE));
    Grants again = new Grants(files());
    assertThat(again.of("disk0")).isEqualTo(grant);
    assertThat(again.all()).hasSize(2);
    assertThat(again.of("disk9")).isEqualTo(Grant.NONE);
  }

  @Test
  void aTornOneNeverCountsAndADamagedOneIsPutAside() throws IOException {
    Grants grants = new Grants(files());
    grants.keep(Map.of("disk0", Grant.NONE.after(order(5, "a", 5))));
    Files.writeString(dir.resolve("grants.json.new"), "{\"functions\":{\"disk0\":{\"floor\":9");
    assertThat(new Grants(files()).of("disk0").floor()).isEqualTo(5);
    for (String text : new String[] {"", "{", "[]", "{}", "{\"functions\":{\"disk0\":null}}"}) {
      Files.writeString(dir.resolve("grants.json"), text);
      assertThat(new Grants(files()).all()).as(text).isEmpty();
      assertThat(dir.resolve("grants.json")).doesNotExist();
      assertThat(dir.resolve("grants.json.damaged")).hasContent(text);
    }
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() throws IOException {
    Grant grant = Grant.NONE.after(order(5, "a", 5));
    new Grants(files()).keep(Map.of("disk0", grant));
    String text = Files.readString(dir.resolve("grants.json"));
    Files.writeString(
        dir.resolve("grants.json"), text.replace("\"floor\"", "\"mood\":1,\"floor\""));
    assertThat(new Grants(files()).of("disk0")).isEqualTo(grant);
  }
}
