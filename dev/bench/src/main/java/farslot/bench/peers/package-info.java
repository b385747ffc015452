/** What users would pick instead, as far as this machine has it, on disks in memory like ours. */
package farslot.bench.peers;
