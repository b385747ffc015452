/**
 * What several rails, lossy rails, dying rails and protected rails do, on cables between network
 * namespaces of this machine.
 */
package farslot.bench.rails;
