# one network card is the common spare of three servers: each guest bonds its own NIC with a lent function; their own are cut, traffic goes on
# compatibility
needs_farslot
needs_root "network namespaces"
two_hosts
# The guests' own NICs and the card's uplink are ports of one switch, a bridge beside the appliance.
on appliance ip link add lan0 type bridge forward_delay 0 mcast_snooping 0
on appliance ip address add 10.55.0.9/24 dev lan0
on appliance ip link set lan0 up
for n in 1 2 3; do
  on appliance ip tuntap add "own$n" mode tap
  on appliance ip link set "own$n" master lan0 up
done
# Two guests give both parts of the bond one address, as bonds do unless told otherwise: their ports let them choose. The third keeps
# the function's, which the appliance has set (fail_over_mac).
appliance_config <<'YAML'
  - name: nic0
    card: nic82599
    uplink: {tap: spare0}
    functions:
      - {}
      - {}
      - {mac: "02:00:5e:10:00:03"}
YAML
for n in 1 2 3; do initiator_config "initiator$n" "run$n" "server-$n" <<<"  - nic0.vf$((n - 1))"; done
start appliance
on appliance ip link set spare0 master lan0
for n in 1 2 3; do start "initiator$n"; done

for n in 1 2 3; do
  guest_named "$n" --set "N=$n" --modules 'virtio_pci virtio_net ixgbevf' --time-limit 300 --netns "${HOST[appliance]}" --function "$WORK/run$n/nic0.vf$((n - 1)).sock" -- \
    -netdev "tap,id=lan,ifname=own$n,script=no,downscript=no" -device "virtio-net-pci,netdev=lan,id=own,mac=02:00:5e:20:00:0$n" <<'GUEST'
by_driver() { for d in /sys/class/net/*; do [ "$(basename "$(readlink -f "$d/device/driver")")" != "$1" ] || basename "$d"; done; }
both() { own=$(by_driver virtio_net) && lent=$(by_driver ixgbevf) && [ -n "$own" ] && [ -n "$lent" ]; }
wait_for 30 "two network cards" both
mac=$([ "$N" = 3 ] && echo active || echo none)
modprobe bonding max_bonds=0
ip link add bond0 type bond mode active-backup miimon 100 fail_over_mac "$mac"
for d in "$own" "$lent"; do ip link set "$d" master bond0 || fail "the bond does not take $d: $(dmesg | tail -n 3)"; done
# Its own becomes the active one when its link is up; to say so before that is refused.
ip link set bond0 type bond primary "$own"
ip link set bond0 up
ip address add "10.55.0.$N/24" dev bond0
active() { [ "$(cat /sys/class/net/bond0/bonding/active_slave)" = "$1" ]; }
ready() { [ "$(grep -c 'MII Status: up' /proc/net/bonding/bond0)" = 3 ] && active "$own"; }
wait_for 30 "both parts of the bond" ready
ok "ping by the guest's own NIC" ping -c 3 10.55.0.9

# Twenty a second, so that a gap can be told; who answers does not know how the request came.
ping -i 0.05 10.55.0.9 >/tmp/pings &
pings=$!
mark up
wait_for 200 "the bond to work with the lent function" active "$lent"
answered() { [ "$(wc -l </tmp/pings)" -gt "$((before + 20))" ]; }
before=$(wc -l </tmp/pings)
wait_for 30 "answers by the lent function" answered
mark over
listen
for other in 1 2 3; do [ "$other" = "$N" ] || ok "ping to guest $other, by the lent functions" ping -c 2 "10.55.0.$other"; done
mark met
wait_for 100 "the bond to work with the guest's own NIC again" active "$own"
before=$(wc -l </tmp/pings)
wait_for 30 "answers by the guest's own NIC" answered
kill $pings
awk '/seq=/ { sub(/.*seq=/, ""); s = $1 + 0; if (n++ && s - last - 1 > gap) gap = s - last - 1; last = s }
  END { printf "gap: %d of %d pings lost in a row, 50 ms apart\n", gap, last }' /tmp/pings
grep -c 'Link Failure Count: [1-9]' /proc/net/bonding/bond0 >/dev/null || fail "the bond has seen no failure: $(cat /proc/net/bonding/bond0)"
no_kernel_complaint
mark bye
listen
GUEST
done

for n in 1 2 3; do of "$n" await up 150; done
for n in 1 2 3; do
  of "$n" qmp set_link '{"name":"own","up":false}' >/dev/null
  of "$n" await over
  ok "guest $n: its own NIC is cut, its traffic goes on by the lent function"
done
for n in 1 2 3; do of "$n" tell meet; done
for n in 1 2 3; do of "$n" await met; done
for n in 1 2 3; do of "$n" qmp set_link '{"name":"own","up":true}' >/dev/null; done
for n in 1 2 3; do of "$n" await bye; done
# Nobody goes before all have met and measured.
for n in 1 2 3; do
  of "$n" tell bye
  of "$n" guest_end
  ok "guest $n, $(of "$n" said 's/^gap: //p')"
done
still_serving appliance initiator1 initiator2 initiator3
