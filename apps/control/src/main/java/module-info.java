/** Asking a running process: its control socket, what it answers, and who asks. */
module farslot.control {
  requires transitive farslot.capture;
  requires transitive farslot.function;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports farslot.control;
}
