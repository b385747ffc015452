/** Benchmarks that print ratios. */
module farslot.bench {
  requires farslot.appliance;
  requires farslot.backend;
  requires farslot.carrier;
  requires farslot.initiator;
  requires farslot.manager;
  requires HdrHistogram;
  requires jdk.jfr;
  requires jdk.management;
  requires farslot.capture;
  requires farslot.linux;
  requires farslot.pki;

  exports farslot.bench;
  exports farslot.bench.html;
  exports farslot.bench.peers;
}
