# a network function, which has nothing but MSI-X, is plugged and unplugged three times in a running guest (MSI-X relayed: QEMU 11.1 survives that)
# compatibility
needs_farslot
needs_root "network namespaces"
two_hosts
on appliance ip link add uplink0 type veth peer name world0 netns "${HOST[initiator]}"
on appliance ip link set uplink0 up
on initiator ip link set world0 up
on initiator ip address add 10.55.0.9/24 dev world0
appliance_config <<'YAML'
  - name: nic0
    card: nic82599
    uplink: {interface: uplink0}
    functions:
      - {mac: "02:00:5e:10:00:01"}
YAML
initiator_config initiator run <<'YAML'
  - name: nic0.vf0
    msix: relay
YAML
start appliance
start initiator
guest_start --modules ixgbevf --empty-port <<'GUEST'
linked() { [ "$(cat /sys/class/net/eth0/carrier)" = 1 ]; }
for round in 1 2 3; do
  mark "empty $round"
  wait_for 30 "a network card" [ -e /sys/class/net/eth0 ]
  ip link set eth0 up
  ip address add 10.55.0.1/24 dev eth0
  wait_for 30 "a link" linked
  grep -E 'MSIX.*eth0' /proc/interrupts || { cat /proc/interrupts; fail "no interrupt of the card is MSI-X"; }
  ok "ping, round $round" ping -c 3 10.55.0.9
  mark "used $round"
  wait_for 30 "the card to go" [ ! -e /sys/class/net/eth0 ]
done
no_kernel_complaint
GUEST
plug_thrice plug "$WORK/run/nic0.vf0.sock"
guest_end
still_serving appliance initiator
