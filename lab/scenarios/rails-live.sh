# rails are added and removed by `farslot rail` while fio --verify runs, until none of the first ones is left
needs_farslot
two_hosts 3
rails tcp
# The appliance can be reached by all three cables, the initiator knows of one.
LISTEN="['0.0.0.0:$PORT', eth:rail1]"
# A session's frames are as long as its first rails take; over Ethernet they have to be this short.
FRAME_BYTES=1496
one_drive 256MiB
start appliance
start initiator
rail() { "$REPO/farslot" rail "$1" --from "$WORK/initiator.yaml" "${@:2}" >"$WORK/rail.out" 2>&1 || { cat "$WORK/rail.out" >&2; fail "farslot rail $*"; }; }
busy_guest
rail add eth:rail1/appliance
rail add "10.78.2.1:$PORT"
both_up() { rail list && grep -qE '1: .*rail1.* up ' "$WORK/rail.out" && grep -qE '2: .*10\.78\.2\.1.* up ' "$WORK/rail.out"; }
wait_until 30 "both new rails to be up" both_up || { cat "$WORK/rail.out" >&2; fail "farslot rail list does not show what was added"; }
ok "an Ethernet rail and a TCP rail added to a TCP rail"
sleep 2
rail remove "10.78.0.1:$PORT"
net_unplug 0
ok "the first rail removed, and its cable pulled"
sleep 2
rail remove "10.78.2.1:$PORT"
ok "only the Ethernet rail is left"
sleep 2
rail add "10.78.2.1:$PORT"
calm_again
