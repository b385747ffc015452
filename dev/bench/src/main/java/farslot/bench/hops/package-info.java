/**
 * Where one operation is while it waits: times taken at borders around card and function, and from
 * captures of the frames between.
 */
package farslot.bench.hops;
