package farslot.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrowdTest {
  private final Crowd crowd = new Crowd();

  @Test
  void whoComesAloneIsAlone() {
    for (int i = 0; i < 3; i++) {
      assertThat(crowd.enter()).isTrue();
      crowd.leave();
    }
  }

  @Test
  void whoMeetsAnotherIsNotAndTheNextBelievesIt() {
    assertThat(crowd.enter()).isTrue();
    assertThat(crowd.enter()).isFalse();
    assertThat(crowd.enter()).isFalse();
    crowd.leave();
    crowd.leave();
    crowd.leave();
    assertThat(crowd.enter()).as("the next of a crowd").isFalse();
    crowd.leave();
    assertThat(crowd.enter()).as("it was alone after all").isTrue();
  }
}
