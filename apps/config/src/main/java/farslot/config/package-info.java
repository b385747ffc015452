/**
 * Configuration files of the programs: YAML in which every key has to be known and every value in
 * its range; what is wrong is said with file, key and what would be right.
 */
package farslot.config;
