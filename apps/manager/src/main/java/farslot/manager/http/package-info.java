/**
 * The management API over HTTPS: TLS 1.3 alone, callers by their certificates, a bound on
 * everything that a stranger can make us hold.
 */
package farslot.manager.http;
