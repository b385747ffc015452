/**
 * Who is who. Every part of a fabric has a key, and a certificate that names it: {@link
 * farslot.pki.PeerName}. {@link farslot.pki.PkiDirectory} is where they are kept, {@link
 * farslot.pki.Tls} what connections are made with, {@link farslot.pki.Authority} who signs.
 */
package farslot.pki;
