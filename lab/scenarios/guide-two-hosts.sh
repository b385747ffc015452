# the guide: cards on one host, a guest on another, certificates for both, and an operator at a third
page docs/guide/two-hosts.md rack1 server-a laptop
