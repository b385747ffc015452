/** What somebody who helps wants to see, in one file. */
package farslot.cli.bundle;
