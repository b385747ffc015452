# the manager killed and started again, three times, in the middle of guest I/O and of an attach: no I/O error, nothing half done
needs_farslot
# The drives are another process's: what is killed is the manager, and the appliance that it has inside.
up_config <<<'  - {name: scratch0, card: scratch}'
managed_initiator initiator server-a vm1
{
  say "name: rack2"
  say "listen: 127.0.0.1:$(free_port)"
  say "state-dir: $WORK/state-rack2"
  say "manager: $WORK/state"
  say "slots:"
  for n in 0 1; do
    say "  - {name: disk$n, card: nvme, serial: FS000$n, namespaces: [{file: $WORK/disk$n.img, size: 64MiB}]}"
  done
} >"$WORK/appliance.yaml"
start up
start appliance
start initiator
guest_start --empty-port --empty-port --time-limit 400 -- -qmp "unix:$WORK/vm1.qmp,server=on,wait=off" <<'GUEST'
mark up
drive
verify_on 32M 3
mark busy
for round in 1 2 3; do
  wait_for 120 "the second drive, round $round" [ -e /dev/nvme1n1 ]
  ok "the second drive is read, round $round" dd if=/dev/nvme1n1 of=/dev/null bs=64k count=4 iflag=direct
  verifying
  mark "used $round"
  wait_for 120 "the second drive to go, round $round" [ ! -e /sys/class/nvme/nvme1 ]
done
verified
no_kernel_complaint
GUEST
await up
VM1='{"server":"server-a","guest":"vm1"}'
wait_until 60 "the manager to know the drives" "$LAB/api" "$WORK/state/control.sock" GET /api/v1/functions/rack2/disk1
manager POST functions/rack2/disk0/attach "$VM1" wait=60s >/dev/null
await busy
for round in 1 2 3; do
  # Its answer may be lost together with the manager.
  "$LAB/api" "$WORK/state/control.sock" POST /api/v1/functions/rack2/disk1/attach "$VM1" wait=60s >/dev/null 2>&1 &
  asked=$!
  sleep "0.$((RANDOM % 4))$((RANDOM % 10))"
  crash up
  wait "$asked" || true
  began=${EPOCHREALTIME/./}
  start up
  manager GET status >/dev/null
  ok "round $round: the manager, started again, answers after $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
  # Begun already or not: the same wish again ends with the drive in the guest.
  wait_until 30 "the manager to know the drives" "$LAB/api" "$WORK/state/control.sock" GET /api/v1/functions/rack2/disk1
  manager POST functions/rack2/disk1/attach "$VM1" wait=90s >/dev/null
  await "used $round" 120
  manager POST functions/rack2/disk1/detach '{}' wait=90s >/dev/null
done
manager GET assignments/rack2/disk0 | grep -q '"phase":"attached"' || fail "the drive in use is not attached any more, says the manager"
[[ $(grep -c 'disk0.*attached with epoch' "$WORK/initiator.log") == 1 ]] || { show_log initiator; fail "the drive in use was attached anew"; }
ok "the drive in use was attached once and never touched"
guest_end
still_serving up appliance initiator
