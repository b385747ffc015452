package farslot.cards.virtio;

import farslot.cards.virtio.spec.CommonCfg;
import farslot.cards.virtio.spec.Isr;
import farslot.function.Interrupts;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/** MSI-X vectors where software has enabled them, else INTx with the ISR status (4.1.5.3, 4). */
final class InterruptUnit {
  private final Interrupts interrupts;
  private final int vectors;
  private int configVector = CommonCfg.NO_VECTOR;
  private int isr;

  /**
   * @param vectors that the function has
   */
  InterruptUnit(Interrupts interrupts, int vectors) {
    this.interrupts = interrupts;
    this.vectors = vectors;
  }

  /** What a vector register holds after this was written to it (4.1.5.1.2.2). */
  int accept(int vector) {
    return vector < vectors ? vector : CommonCfg.NO_VECTOR;
  }

  int configVector() {
    return configVector;
  }

  void configVector(int vector) {
    configVector = accept(vector);
  }

  /** Buffers have been used. */
  void queue(int vector) {
    if (interrupts.messageSignalled()) {
      signal(vector);
    } else {
      raise(Isr.QUEUE);
    }
  }

  /** Configuration has changed, or the device needs a reset. */
  void configuration() {
    if (interrupts.messageSignalled()) {
      isr |= Isr.CONFIGURATION;
      signal(configVector);
    } else {
      raise(Isr.CONFIGURATION);
    }
  }

  private void signal(int vector) {
    if (vector != CommonCfg.NO_VECTOR) {
      interrupts.signal(vector);
    }
  }

  private void raise(int bit) {
    isr |= bit;
    interrupts.level(true);
  }

  /** ISR status: reading it acknowledges (4.1.4.5.1). */
  int acknowledge() {
    int value = isr;
    isr = 0;
    interrupts.level(false);
    return value;
  }

  void save(StateWriter state) {
    state.u16(configVector).u8(isr);
  }

  /** INTx's level is the endpoint's to restore. */
  void restore(StateReader state) throws StateException {
    int vector = state.u16();
    state.require(accept(vector) == vector, "there is no vector " + vector);
    configVector = vector;
    isr = state.u8() & (Isr.QUEUE | Isr.CONFIGURATION);
  }

  void reset() {
    configVector = CommonCfg.NO_VECTOR;
    isr = 0;
    interrupts.level(false);
  }
}
