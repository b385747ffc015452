/** Ways to use a file as a disk, against each other. */
package farslot.bench.files;
