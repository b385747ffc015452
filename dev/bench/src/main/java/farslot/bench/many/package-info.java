/** What many functions, idle ones and a manager of a thousand assignments cost. */
package farslot.bench.many;
