/** What a capture shows of a function, and whether a card does the same again. No clock. */
module farslot.replay {
  requires transitive farslot.capture;
  requires transitive farslot.function;

  exports farslot.replay;
}
