# a profile of four functions moves between two running guests, its time measured; its appliance is killed, and a spare takes over with the MAC
# compatibility
needs_farslot
MOVES=2
up_config <<YAML
$(for n in 0 1 2; do
  echo "  - name: disk$n"
  echo "    card: nvme"
  echo "    serial: FS000$n"
  echo "    namespaces: [{file: $WORK/disk$n.img, size: 16MiB}]"
done)
  - name: nic0
    card: nic82599
    functions: [{}]
YAML
# Another appliance of the same fabric, which will be killed.
cat >"$WORK/appliance2.yaml" <<YAML
name: rack2
manager: $WORK/state
listen: 127.0.0.1:$(free_port)
state-dir: $WORK/state-rack2
slots:
  - name: nic0
    card: nic82599
    functions: [{}]
YAML
managed_initiator initiator server-a vm1
managed_initiator initiator2 server-b vm2
start up
start appliance2
start initiator
start initiator2

cat >"$WORK/web.yaml" <<'YAML'
kind: Pool
name: drives
card: nvme
---
kind: Pool
name: nics
functions: [rack1/nic0.vf0, rack2/nic0.vf0]
spares: [rack1/nic0.vf0]
spare-after-seconds: 3
---
kind: Identities
name: macs
what: mac
from: 02:f5:00:00:00:01
to: 02:f5:00:00:00:ff
---
kind: Profile
name: web
server: server-a
guest: vm1
slots:
  - {name: boot, pool: drives, boot-order: 1}
  - {name: data, pool: drives}
  - {name: log, pool: drives}
  - {name: nic, pool: nics, identity-from: {mac: macs}, spare: true}
YAML
as_json() { perl -MJSON::PP -0777 -ne 'print encode_json({yaml => $_, file => "web.yaml"})' "$1"; }
now_ms() { say $(($(date +%s%N) / 1000000)); }
known() { "$LAB/api" "$WORK/state/control.sock" GET "/api/v1/$1" 2>/dev/null | grep -q "$2"; }
wait_until 60 "both appliances" known functions rack2/nic0.vf0
wait_until 60 "both servers" known servers server-b

for n in 1 2; do
  guest_named "vm$n" --set "N=$n" --modules 'nvme ixgbevf' --empty-port --empty-port --empty-port --empty-port --empty-port --time-limit 900 -- \
    -qmp "unix:$WORK/vm$n.qmp,server=on,wait=off" <<'GUEST'
here() { [ "$(cat /sys/class/net/eth0/address)" = 02:f5:00:00:00:01 ] && [ -b /dev/nvme0n1 ] && [ -b /dev/nvme1n1 ] && [ -b /dev/nvme2n1 ]; }
gone() { [ ! -e /sys/class/net/eth0 ] && [ -z "$(ls /sys/class/nvme)" ]; }
until_so() {
  tries=0
  until "$1" 2>/dev/null; do
    usleep 20000
    tries=$((tries + 1))
    [ $tries -lt $((1500 * PATIENCE)) ] || { { ls /dev/nvme* /sys/class/net; cat /sys/class/net/eth*/address; } || true; dmesg | tail -n 20; fail "waited in vain until all of it is $1"; }
  done
}
by_serial() { for d in /sys/class/nvme/nvme*; do [ "$(tr -d ' ' <"$d/serial")" != "$1" ] || echo "/dev/$(basename "$d")n1"; done; }
# A round is a word of the host's: what to do when the profile is here, and then to wait until it is not.
mark up
while listen && [ "$word" != bye ]; do
  until_so here
  mark "here $word"
  for disk in 0 1 2; do
    fill /tmp/a 1 "disk$disk"
    if [ "$word" = first ]; then
      ok "written to drive $disk" dd if=/tmp/a of="$(by_serial "FS000$disk")" bs=64k oflag=direct conv=fsync
    else
      ok "drive $disk has its bytes" sh -c "dd if=$(by_serial "FS000$disk") bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a"
    fi
  done
  ip link set eth0 up || fail "the network function does not come up"
  mark "used $word"
  if [ "$word" = last ]; then
    # The spare may come where the lost one was, and get its name: an interface's index is never given twice.
    old=$(cat /sys/class/net/eth0/ifindex)
    mark ready
    listen
    another() { for d in /sys/class/net/eth*; do [ "$(cat "$d/address")" != 02:f5:00:00:00:01 ] || [ "$(cat "$d/ifindex")" = "$old" ] || return 0; done; return 1; }
    wait_for 100 "the spare, with the MAC" another
    mark spared
    continue
  fi
  until_so gone
  mark "gone $word"
done
no_kernel_complaint
GUEST
  of "vm$n" await up 200
done

of vm1 tell first
began=$(now_ms)
manager POST apply "$(as_json "$WORK/web.yaml")" wait=120s >"$WORK/applied.json"
note "  a profile of 4 functions applied, in the guest after $(($(now_ms) - began)) ms"
of vm1 await "used first" 200
# The same again changes nothing.
[[ $(manager POST apply "$(as_json "$WORK/web.yaml")") == *'"changed":false'* ]] || fail "applied twice, and something was changed"
ok "applied twice, as if once"

guest=1
: >"$WORK/times"
for move in $(seq 1 $MOVES); do
  guest=$((3 - guest))
  word=$move
  ((move < MOVES)) || word=last
  of "vm$guest" tell "$word"
  server=$([[ $guest == 1 ]] && say server-a/vm1 || say server-b/vm2)
  began=$(now_ms)
  manager POST profiles/web/move "{\"server\":\"$server\"}" wait=120s >/dev/null
  say $(($(now_ms) - began)) >>"$WORK/times"
  of "vm$guest" await "used $word" 200
done
note "  a profile of 4 functions moved between running guests, ms: $(sort -n "$WORK/times" | tr '\n' ' ')"
ok "moved $MOVES times, with its bytes and its MAC"

of vm1 await ready
crash appliance2
began=$(now_ms)
of vm1 tell killed
of vm1 await spared 300
note "  the spare was in the guest $(($(now_ms) - began)) ms after its appliance was killed"
manager GET events >"$WORK/events.json"
grep -o '"profile web, slot nic: [^"]*' "$WORK/events.json" | tail -n 1 >&2
grep -q 'rack2/nic0.vf0 is lost, appliance rack2 has been silent for [0-9]* s; rack1/nic0.vf0 takes over with mac 02:f5:00:00:00:01' "$WORK/events.json" ||
  fail "no event says what was lost"
ok "a spare took over with the MAC; the event says what was lost"
for n in 1 2; do
  of "vm$n" tell bye
  of "vm$n" guest_end
done
still_serving up initiator initiator2
