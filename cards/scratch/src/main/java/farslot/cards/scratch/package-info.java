/**
 * The example card. What the specification (here: README.md) says is in {@link
 * farslot.cards.scratch.ScratchSpec}, what the registers do in {@link
 * farslot.cards.scratch.ScratchModel}, how it meets a slot in {@link
 * farslot.cards.scratch.ScratchFunction}.
 */
package farslot.cards.scratch;
