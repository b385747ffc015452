# a server dies with its guest: its profile moves to another's running guest, by its rule and then by one command; the old server's stale orders are refused
needs_farslot
up_config <<YAML
  - {name: disk0, card: nvme, serial: FS0001, namespaces: [{file: $WORK/disk0.img, size: 16MiB}]}
YAML
managed_initiator initiator server-a vm1
managed_initiator initiator2 server-b vm2
cat >"$WORK/web.yaml" <<'YAML'
kind: Profile
name: web
server: server-a
guest: vm1
on-server-death: move
move-after-seconds: 1
candidates: [server-b/vm2]
slots: [{name: data, function: rack1/disk0}]
YAML
as_json() { perl -MJSON::PP -0777 -ne 'print encode_json({yaml => $_, file => "web.yaml"})' "$1"; }
now_ms() { say $(($(date +%s%N) / 1000000)); }
asks() { "$LAB/api" "$WORK/state/control.sock" GET "/api/v1/$1" 2>/dev/null; }
known() { asks "$1" | grep -q "$2"; }
happened() { asks events | grep -q "\"what\":\"$1\".*$2"; }

start up
start initiator
start initiator2
wait_until 30 "both servers" known servers server-b
# The word that a guest finds on the drive, and the one that it leaves there.
for n in 1 2; do
  guest_named "vm$n" --empty-port --time-limit 600 -- -qmp "unix:$WORK/vm$n.qmp,server=on,wait=off" <<'GUEST'
mark up
while listen && [ "$word" != bye ]; do
  wait_for 60 "the drive" [ -b /dev/nvme0n1 ]
  echo "found: $(dd if=/dev/nvme0n1 bs=4k count=1 iflag=direct 2>/dev/null | tr -d '\0')"
  printf %s "$word" | dd of=/dev/nvme0n1 bs=4k conv=sync,fsync oflag=direct 2>/dev/null || fail "the drive cannot be written"
  mark "wrote $word"
done
no_kernel_complaint
GUEST
  of "vm$n" await up 200
done
manager POST apply "$(as_json "$WORK/web.yaml")" wait=60s >/dev/null
of vm1 tell first
of vm1 await "wrote first"

# By its rule. Nobody says goodbye: the server is gone from one moment to the next, and its guest with it.
of vm2 tell second
crash initiator
of vm1 guest_killed
began=$(now_ms)
of vm2 await "wrote second" 120
note "  the profile was in the other server's guest $(($(now_ms) - began)) ms after its server died"
[[ $(of vm2 said 's/^found: //p') == first ]] || fail "what the first guest has written is not there"
happened failed-over 'server server-a has been gone for' || fail "no event says that it has failed over"
ok "moved by its rule, with its bytes"

# The old server comes back, and cannot reach the manager: all it has are its orders of before, and by those it asks for the drive.
cp "$WORK/initiator.yaml" "$WORK/initiator.known"
sed -i "s|^manager: .*|manager: $WORK/nowhere|" "$WORK/initiator.yaml"
launch initiator
wait_until 60 "the old server's stale orders to be refused" file_has "$WORK/initiator.log" 'disk0: refused: '
grep -m 1 -o 'disk0: refused: .*' "$WORK/initiator.log" >&2
known assignments/rack1/disk0 '"server":"server-b"' || fail "the drive is not the other server's any more"
crash initiator
ok "its stale orders are refused"
# With the manager it learns better, and asks for nothing any more.
mv "$WORK/initiator.known" "$WORK/initiator.yaml"
start initiator
wait_until 30 "the old server to be known" known servers/server-a '"state":"here"'
sleep 1
! file_has "$WORK/initiator.log" 'disk0.*attached with epoch' || fail "the old server was given the drive"
still_serving up initiator

# By one command: the rule's only candidate is the server that dies now.
crash initiator2
of vm2 guest_killed
wait_until 60 "the profile to be stranded" happened stranded 'no candidate is there and free'
guest_named vm1 --empty-port --time-limit 300 -- -qmp "unix:$WORK/vm1.qmp,server=on,wait=off" <<'GUEST'
mark up
drive
[ "$(dd if=/dev/nvme0n1 bs=4k count=1 iflag=direct 2>/dev/null | tr -d '\0')" = second ] || fail "what the second guest has written is not there"
mark found
no_kernel_complaint
GUEST
began=$(now_ms)
manager POST profiles/web/move '{"server":"server-a/vm1"}' wait=60s >/dev/null
note "  moved by one command in $(($(now_ms) - began)) ms"
of vm1 await found
of vm1 guest_end
ok "moved by one command, with its bytes"
still_serving up initiator
