/**
 * Who may do what: members of the fabric with their roles and tenants, tokens by which they come
 * in, certificates that were signed and revoked, what a tenant sees ({@link
 * farslot.manager.access.Tenancy}), and a record of every change ({@link
 * farslot.manager.access.Audit}).
 */
package farslot.manager.access;
