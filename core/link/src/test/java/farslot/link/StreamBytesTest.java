package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import org.junit.jupiter.api.Test;

/** What a stream says that it has carried. */
class StreamBytesTest {
  private static final Credits MANY = new Credits(0, 0, 0, 0, 0, 0);
  private Traffic far;
  private Traffic near;

  /** Frames that are lost and sent again, or come twice, are counted once. */
  @Test
  void bothEndsCountTheSame() {
    Lab lab = new Lab(Fuzz.seed());
    lab.reliable = false;
    lab.lossPpm = 50_000;
    lab.duplicatePpm = 50_000;
    lab.up();
    lab.handler =
        request -> {
          far = new Traffic(lab.random.split(), 4096);
          far.stream = request.accept(far, 5, MANY, new FunctionIdentity(1, 2, 3, 4, 5, 6, 7));
        };
    near = new Traffic(lab.random.split(), 4096);
    Recorder answer =
        new Recorder() {
          @Override
          public void onAttached(LinkStream stream, FunctionIdentity identity) {
            near.stream = stream;
          }
        };
    lab.initiator.attach("disk", 0, MANY, near, answer);
    lab.run(1_000 * Lab.MS);
    assertThat(near.stream.bytesSent()).isZero();
    near.send(40);
    far.send(30);
    lab.run(2_000 * Lab.MS);
    assertThat(far.received).as("%s", lab).isEqualTo(near.sent).isPositive();
    assertThat(near.stream.bytesSent()).isGreaterThanOrEqualTo(12 * near.sent);
    assertThat(near.stream.tlpsSent()).isEqualTo(near.sent);
    assertThat(far.stream.tlpsReceived()).isEqualTo(near.sent);
    assertThat(far.stream.bytesReceived()).isEqualTo(near.stream.bytesSent());
    assertThat(near.received).isEqualTo(far.sent).isPositive();
    assertThat(near.stream.bytesReceived()).isEqualTo(far.stream.bytesSent());
  }
}
