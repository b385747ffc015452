package farslot.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamNamesTest {
  private final StreamNames names = new StreamNames();

  @Test
  void aStreamIsTheLastOnesThatHadItsNumber() {
    names.up(7, 1, "disk0");
    names.up(7, 1, "disk1");
    assertThat(names.function(7, 1)).isEqualTo("disk1");
    assertThat(names.function(7, 2)).isEmpty();
    assertThat(names.function(8, 1)).isEmpty();
  }

  /** A capture of a function lost all that it had not yet written when the session ended. */
  @Test
  void anEndedSessionIsKnownForAWhile() {
    names.up(0, 1, "disk0");
    names.down(0);
    assertThat(names.function(0, 1)).isEqualTo("disk0");
    for (int session = 1; session <= StreamNames.ENDED_MAX; session++) {
      names.up(session, 1, "other");
      names.down(session);
    }
    assertThat(names.function(0, 1)).isEmpty();
    assertThat(names.function(1, 1)).isEqualTo("other");
  }
}
