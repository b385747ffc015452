package farslot.cards.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.PciFunction;
import farslot.testkit.TestStore;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a configuration may say, and how it is told what it may not. */
class ConfigTest {
  private final TestStore store = new TestStore(1 << 20);

  private PciFunction make(Object... pairs) throws CardConfigException {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put((String) pairs[i], pairs[i + 1]);
    }
    return new VirtioBlkProvider()
        .create(
            new CardConfig("slots[3]", values),
            config -> {
              config.size("ram", 0);
              return store;
            });
  }

  private void refused(String why, Object... pairs) {
    store.closed = false;
    assertThatThrownBy(() -> make(pairs))
        .isInstanceOf(CardConfigException.class)
        .hasMessageContaining("slots[3]")
        .hasMessageContaining(why);
  }

  @Test
  void defaults() throws CardConfigException {
    PciFunction card = make("ram", "1MiB");
    assertThat(card.spec().msixVectors()).isEqualTo(9);
    assertThat(card.spec().deviceId()).isEqualTo(0x1042);
    card.unplug();
    assertThat(store.closed).isTrue();
  }

  @Test
  void mistakes() {
    refused("from 1 to 64", "queues", 0);
    refused("from 1 to 64", "queues", 65);
    refused("power of two", "queue-size", 100);
    refused("from 4 to 1024", "queue-size", 2048);
    refused("512 or 4096", "block-size", 1024);
    refused("20 printable", "serial", "123456789012345678901");
    refused("nothing here is called 'qeues'", "qeues", 3);
    assertThat(store.closed).as("given back").isTrue();
  }

  @Test
  void aDiskHasAtLeastABlock() {
    assertThatThrownBy(
            () ->
                new VirtioBlkProvider()
                    .create(new CardConfig("slots[0]", Map.of()), config -> new TestStore(512)))
        .hasMessageContaining("4096");
  }
}
