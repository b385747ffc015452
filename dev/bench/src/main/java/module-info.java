/** Benchmarks that print ratios. */
module farslot.bench {
  requires farslot.appliance;
  requires farslot.initiator;
  requires HdrHistogram;
  requires jdk.management;
  requires farslot.capture;
  requires farslot.linux;

  exports farslot.bench;
  exports farslot.bench.html;
}
