/** The command {@code farslot}. */
module farslot.cli {
  requires farslot.api;
  requires farslot.appliance;
  requires farslot.capture;
  requires farslot.control;
  requires farslot.bench;
  requires farslot.initiator;
  requires farslot.manager;
  requires farslot.pki;
  requires farslot.replay;
  requires farslot.sim;
  requires farslot.up;
  requires info.picocli;
  requires java.logging;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;

  // Cards are found by ServiceLoader; naming them here puts them on the module path.
  requires farslot.cards.nvme;
  requires farslot.cards.foreign;
  requires farslot.cards.nettlp;
  requires farslot.cards.nic82599;
  requires farslot.cards.scratch;
  requires farslot.cards.uart16550;
  requires farslot.cards.virtio;

  opens farslot.cli to
      info.picocli;
  opens farslot.cli.about to
      info.picocli;
  opens farslot.cli.bundle to
      info.picocli;
  opens farslot.cli.fabric to
      info.picocli;
  opens farslot.cli.output to
      info.picocli;
}
