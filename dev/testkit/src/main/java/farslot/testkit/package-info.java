/** For tests. */
package farslot.testkit;
