/**
 * What a card is written against, and nothing else: {@link farslot.function.PciFunction} is what a
 * card makes, {@link farslot.function.FunctionPort} what it is given ({@link farslot.function.Dma},
 * {@link farslot.function.Interrupts}, {@link farslot.function.Agent}), {@link
 * farslot.function.BackEnds} where its bytes come from and go to, and {@link
 * farslot.function.DmaGuide} what may stand at the server's end for it. What cards do alike ({@link
 * farslot.function.Turn}, {@link farslot.function.BufferStock}, {@link farslot.function.Erasure})
 * is here, too.
 *
 * <p>All of it happens on one thread, the function's agent's.
 */
package farslot.function;
