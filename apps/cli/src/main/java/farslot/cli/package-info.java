/**
 * The command {@code farslot}: one class a subcommand. Those here run a program or look at one by
 * its socket; those that ask a fabric's manager are in {@code fabric}, how all of them print is in
 * {@code output}.
 */
package farslot.cli;
