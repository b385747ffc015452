/**
 * Targets for a coverage-guided fuzzer: each takes any bytes and throws when our code does what it
 * must not. {@code make fuzz TARGET=...} runs one for long, {@code make test} all of them on what
 * has been found before.
 */
package farslot.fuzz;
