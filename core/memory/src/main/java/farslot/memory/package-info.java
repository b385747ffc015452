/**
 * A server's memory as a card sees it: {@link farslot.memory.DmaWindows} says what may be reached
 * and how, {@link farslot.memory.DmaCopy} moves bytes there, {@link farslot.memory.MessagedMemory}
 * is for memory that cannot be mapped. First all of a range is asked for, then it is moved: nothing
 * moves when the answer is UR.
 */
package farslot.memory;
