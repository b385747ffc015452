package farslot.cards.uart16550;

/** The model passes what every card must. */
class QemuConformanceTest extends UartConformance {
  QemuConformanceTest() {
    super(CardModel.QEMU, 4, 0, 24);
  }
}
