/**
 * The contract of a store that remembers what a fabric's manager decides. The meaning is etcd's:
 * one revision that counts changes, transactions that compare and then act, leases, watches. {@code
 * farslot.store.file} is the default behind it; whatever else stands behind it passes the tests of
 * {@code StateStoreConformance}.
 */
package farslot.store;
