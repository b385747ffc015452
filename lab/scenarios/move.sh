# a drive and a network function move from one server's running guest to another's and back: same bytes, same MAC; a sanitise policy comes between
# compatibility
needs_farslot
needs_root "network namespaces"
two_hosts
HOST[up]=${HOST[appliance]}
on appliance ip link add uplink0 type veth peer name world0 netns "${HOST[initiator]}"
on appliance ip link set uplink0 up
on initiator ip link set world0 up
on initiator ip address add 10.55.0.9/24 dev world0
up_config <<YAML
  - name: disk0
    card: nvme
    serial: FS0001
    namespaces: [{file: $WORK/disk.img, size: 64MiB, block-size: 512}]
  - name: nic0
    card: nic82599
    uplink: {interface: uplink0}
    functions: [{mac: "02:00:5e:10:00:01"}]
YAML
managed_initiator initiator server-a vm1
managed_initiator initiator2 server-b vm2
start up
start initiator
start initiator2
# What both guests do each time that they get the two.
cat >"$WORK/use" <<'GUEST'
linked() { [ "$(cat /sys/class/net/eth0/carrier)" = 1 ]; }
got() { # ROUND
  drive
  wait_for 30 "a network card" [ -e /sys/class/net/eth0 ]
  [ "$(cat /sys/class/net/eth0/address)" = 02:00:5e:10:00:01 ] || fail "another MAC: $(cat /sys/class/net/eth0/address)"
  [ "$(cat /sys/class/nvme/nvme0/serial | tr -d ' ')" = FS0001 ] || fail "another serial number"
  ip link set eth0 up
  ip address add 10.55.0.1/24 dev eth0
  wait_for 30 "a link" linked
  ok "ping, round $1" ping -c 2 10.55.0.9
}
bytes() { dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | cmp - "$1"; }
gone() { wait_for 60 "both to go" sh -c '[ ! -e /dev/nvme0 ] && [ ! -e /sys/class/net/eth0 ]'; }
fill /tmp/a 1 move
head -c 1048576 /dev/zero >/tmp/zero
mark up
listen
GUEST
cat "$WORK/use" - >"$WORK/script1" <<'GUEST'
got 1
ok "written" dd if=/tmp/a of=/dev/nvme0n1 bs=64k oflag=direct conv=fsync
mark "has 1"
gone
mark "left"
listen
got 2
ok "what was there before is formatted away" bytes /tmp/zero
mark "has 2"
no_kernel_complaint
GUEST
cat "$WORK/use" - >"$WORK/script2" <<'GUEST'
got 1
ok "the other guest's bytes are there" bytes /tmp/a
mark "has 1"
gone
no_kernel_complaint
GUEST
for n in 1 2; do
  guest_named "$n" --modules 'nvme ixgbevf' --empty-port --empty-port --time-limit 300 -- -qmp "unix:$WORK/vm$n.qmp,server=on,wait=off" <"$WORK/script$n"
  of "$n" await up 150
done
began=${EPOCHREALTIME/./}
took() { note "  ok  $1: $(((${EPOCHREALTIME/./} - began) / 1000)) ms"; began=${EPOCHREALTIME/./}; }
A='{"server":"server-a","guest":"vm1"}'
B='{"server":"server-b","guest":"vm2"}'
of 1 tell go
for f in disk0 nic0.vf0; do manager POST "functions/rack1/$f/attach" "$A" wait=60s >/dev/null; done
of 1 await "has 1"
of 2 tell go
began=${EPOCHREALTIME/./}
manager POST functions/rack1/disk0/move "$B" wait=60s >/dev/null
took "the drive moved to the other guest"
manager POST functions/rack1/nic0.vf0/move "$B" wait=60s >/dev/null
took "the network function moved to the other guest"
of 1 await left
of 2 await "has 1"
of 1 tell again
began=${EPOCHREALTIME/./}
manager POST functions/rack1/disk0/move '{"server":"server-a","guest":"vm1","sanitise":"format"}' wait=60s >/dev/null
took "the drive moved back, formatted on the way"
manager POST functions/rack1/nic0.vf0/move "$A" wait=60s >/dev/null
took "the network function moved back"
of 1 await "has 2"
of 2 guest_end
of 1 guest_end
still_serving up initiator initiator2
