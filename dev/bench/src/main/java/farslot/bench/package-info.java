/**
 * What {@code farslot bench} measures, in what order, and how it is told. What a figure is stands
 * in {@code figures}, the path against bare TCP in {@code path}; each other package measures one
 * thing.
 */
package farslot.bench;
