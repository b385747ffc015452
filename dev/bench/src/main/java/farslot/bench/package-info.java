/** Benchmarks. */
package farslot.bench;
