/** Who is who: keys, certificates, the built-in authority, join tokens, and TLS made of them. */
module farslot.pki {
  requires transitive farslot.carrier;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;

  exports farslot.pki;
}
