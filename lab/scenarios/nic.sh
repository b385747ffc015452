# one network card, two servers: ixgbevf on a function each, ping, iperf3, jumbo frames, VLANs, spoofing, link, a function that moves on
# compatibility
needs_farslot
needs_root "network namespaces"
two_hosts
extra iperf3
# The uplink's other end is in the initiators' namespace: whoever is there is the rest of the world.
on appliance ip link add uplink0 mtu 9000 type veth peer name world0 mtu 9000 netns "${HOST[initiator]}"
on appliance ip link set uplink0 up
on initiator ip link set world0 up
on initiator ip address add 10.55.0.9/24 dev world0
on initiator ip address add 10.57.0.9/24 dev world0
appliance_config <<'YAML'
  - name: nic0
    card: nic82599
    uplink: {interface: uplink0}
    functions:
      - {mac: "02:00:5e:10:00:01"}
      - {mac: "02:00:5e:10:00:02"}
      - {mac: "02:00:5e:10:00:03", vlan: 100, rate: 5M}
      - {mac: "02:00:5e:10:00:04", vlan: 100}
YAML
printf '  - nic0.vf%d\n' 0 2 | initiator_config initiator run server-a
printf '  - nic0.vf%d\n' 1 3 | initiator_config initiator2 run2 server-b
initiator_config initiator3 run3 server-c <<<'  - nic0.vf1'
start appliance
start initiator
start initiator2
# Not by `on`, whose shell would be ended in its place.
setpriv --pdeathsig KILL nsenter --net="/proc/${HOST[initiator]}/ns/net" iperf3 -s </dev/null >"$WORK/iperf3.log" 2>&1 8>&- &
SPAWNED+=("$!")

# What both guests begin with: the plain function is eth0, the one in VLAN 100 eth1.
cat >"$WORK/begin" <<'GUEST'
number() { # NAME VF: the driver's names follow the order of the ports; the addresses say which is which
  for d in /sys/class/net/eth*; do [ "$(cat $d/address)" != "$2" ] || basename $d; done
}
wait_for 30 "a network card" [ -e /sys/class/net/eth0 ]
lspci -nn | grep '8086:10ed' || fail "lspci shows no 82599 virtual function"
plain=$(number plain 02:00:5e:10:00:0$N)
[ -n "$plain" ] || fail "no function has the address that the appliance gave it: $(cat /sys/class/net/eth*/address)"
linked() { [ "$(cat /sys/class/net/$1/carrier)" = 1 ]; }
unlinked() { ! linked "$1"; }
up() { # DEVICE ADDRESS
  ip link set "$1" up
  ip address add "$2/24" dev "$1"
  wait_for 30 "a link on $1" linked "$1"
}
rate() { # WHAT OPTIONS: prints iperf3's throughput
  what=$1; shift
  iperf3 -f m "$@" >/tmp/iperf3 2>&1 || { cat /tmp/iperf3; fail "iperf3 $what"; }
  echo "  ok  $what: $(awk '/receiver/ { print $7, $8 }' /tmp/iperf3)"
}
up "$plain" 10.55.0.$N
ethtool -i "$plain" | head -n 2
GUEST
cat >"$WORK/vlan" <<'GUEST'
vlan=$(number vlan 02:00:5e:10:00:0$((N + 2)))
up "$vlan" 10.57.0.$N
GUEST

cat "$WORK/begin" "$WORK/vlan" - >"$WORK/script1" <<'GUEST'
ok "ping to the uplink's namespace" ping -c 3 10.55.0.9
mark up
listen
ok "ping to the other guest" ping -c 3 10.55.0.2
rate "guest to guest" -c 10.55.0.2 -t 2
rate "guest to uplink" -c 10.55.0.9 -t 2
rate "uplink to guest" -c 10.55.0.9 -t 2 -R

for d in "$plain"; do ip link set "$d" mtu 9000; done
wait_for 30 "a link" linked "$plain"
ok "jumbo frames to the other guest" ping -c 3 -s 8972 10.55.0.2
ok "jumbo frames to the uplink" ping -c 3 -s 8972 10.55.0.9
[ "$(awk '/^Ip: [0-9]/ { print $19 }' /proc/net/snmp)" = 0 ] || fail "jumbo frames were sent in fragments: $(grep ^Ip: /proc/net/snmp)"
rate "guest to guest, 9000 bytes" -c 10.55.0.2 -t 2

ip link add link "$plain" name tag10 type vlan id 10
up tag10 10.56.0.$N
ok "tags of the guests' own" ping -c 3 10.56.0.2
ip link add link "$plain" name tag20 type vlan id 20
up tag20 10.58.0.$N
refused "the other guest is not in VLAN 20" '100% packet loss' ping -c 2 -W 1 10.58.0.2
ok "the port's own VLAN" ping -c 3 10.57.0.2
refused "nothing of it without a tag on the uplink" '100% packet loss' ping -c 2 -W 1 10.57.0.9
iperf3 -u -b 20M -c 10.57.0.2 -t 2 >/tmp/iperf3 2>&1 || { cat /tmp/iperf3; fail "iperf3 by UDP"; }
echo "  ok  20 Mbit/s by UDP through 5 Mbit/s: $(awk '/receiver/ { print $7, $8, "arrived, lost", $12 }' /tmp/iperf3)"

refused "another address than the appliance's" 'denied|not permitted|cannot|invalid' ip link set "$plain" address 02:00:5e:10:00:77
ip link set tag10 address 02:00:5e:10:00:77
refused "frames from such an address" '100% packet loss' ping -c 2 -W 1 10.56.0.2
mark cut
wait_for 30 "the link to go with the uplink's" unlinked "$plain"
mark down
wait_for 30 "the link to come back with the uplink's" linked "$plain"
ok "ping after that" ping -c 3 10.55.0.9
mark next
listen
ok "ping to the guest that has the other function now" ping -c 3 10.55.0.2
no_kernel_complaint
mark bye
GUEST
guest_named 1 --set N=1 --modules 'ixgbevf 8021q' --time-limit 240 --function "$WORK/run/nic0.vf0.sock" --function "$WORK/run/nic0.vf2.sock" <"$WORK/script1"

cat "$WORK/begin" "$WORK/vlan" - >"$WORK/script2" <<'GUEST'
iperf3 -s >/dev/null 2>&1 &
ip link set "$plain" mtu 9000
ip link add link "$plain" name tag10 type vlan id 10
up tag10 10.56.0.2
ip link add link "$plain" name tag30 type vlan id 30
up tag30 10.58.0.2
mark up
listen
no_kernel_complaint
GUEST
guest_named 2 --set N=2 --modules 'ixgbevf 8021q' --time-limit 240 --function "$WORK/run2/nic0.vf1.sock" --function "$WORK/run2/nic0.vf3.sock" <"$WORK/script2"

of 2 await up 150
of 1 await up 150
of 1 tell go
of 1 await cut 120
on appliance ip link set uplink0 down
of 1 await down
on appliance ip link set uplink0 up
of 1 await next
"$REPO/farslot" status --from "$WORK/appliance.yaml" >"$WORK/status"
for what in 'spoofed addresses' 'over the rate'; do
  grep -q "dropped: $what" "$WORK/status" || { cat "$WORK/status" >&2; fail "the switch has counted no frame as '$what'"; }
done
ok "the switch counts: $(grep -o 'dropped: [a-z ]*[ =:]*[0-9]*' "$WORK/status" | sort -u | paste -sd ',')"

# The function moves on: its server gives it back, another takes it, with the address that belongs to the port.
of 2 tell bye
of 2 guest_end
stop initiator2
start initiator3
cat "$WORK/begin" - >"$WORK/script3" <<'GUEST'
ok "ping to the guest that was here before" ping -c 3 10.55.0.1
mark up
listen
no_kernel_complaint
GUEST
guest_named 3 --set N=2 --modules 'ixgbevf 8021q' --function "$WORK/run3/nic0.vf1.sock" <"$WORK/script3"
of 3 await up 150
of 1 tell go
of 1 await bye
of 3 tell bye
of 3 guest_end
of 1 guest_end
still_serving appliance initiator initiator3
