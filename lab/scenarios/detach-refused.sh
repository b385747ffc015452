# a guest that does not let go of its drive: detach and move fail and name it, the drive stays and works; then it is taken by force while it is written to
needs_farslot
managed_drive 64MiB
managed_initiator initiator server-a vm1
managed_initiator initiator2 server-b
start up
start initiator
start initiator2
# Slots of PCI Express itself, whose hot-plug driver can be taken away; by default QEMU's q35 has ACPI do it.
guest_start --empty-port --time-limit 240 -- -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off -qmp "unix:$WORK/vm1.qmp,server=on,wait=off" <<'GUEST'
mark up
drive
# Nobody in this guest hears of the slot's attention button any more.
slots=$(ls -d /sys/bus/pci_express/drivers/pciehp/*:pcie* 2>/dev/null || true)
[ -n "$slots" ] || fail "no slot has pciehp"
for slot in $slots; do basename "$slot" >/sys/bus/pci_express/drivers/pciehp/unbind; done
(
  n=0
  while dd if=/dev/zero of=/dev/nvme0n1 bs=64k seek=$((n % 512)) count=1 oflag=direct 2>/dev/null; do n=$((n + 1)); echo $n >/tmp/written; done
  echo failed >/tmp/writer
) &
wait_for 20 "the first writes" [ -s /tmp/written ]
mark deaf
listen
before=$(cat /tmp/written)
went_on() { [ "$(cat /tmp/written)" -gt "$before" ]; }
wait_for 30 "the writes to go on" went_on
[ ! -e /tmp/writer ] || fail "a write failed"
ok "refused twice, and the drive is written to"  true
mark working
listen
wait_for 60 "the writer to hear of it" [ -s /tmp/writer ]
ok "taken by force: the writer has got an error, and the guest lives" true
if dmesg | grep -E 'BUG:|WARNING:|Oops'; then fail "the kernel complains about itself"; fi
GUEST
await up
api() { "$LAB/api" "$WORK/state/control.sock" "$@" 2>&1; }
refused() { # WHAT PATTERN REQUEST...
  local answer
  if answer=$(api "${@:3}"); then fail "$1 was accepted: $answer"; fi
  [[ $answer =~ $2 ]] || fail "$1: refused, but not with '$2': $answer"
  say "$answer" | grep -o '"why":"[^"]*"' >&2 || say "$answer" >&2
}
manager POST functions/rack1/disk0/attach '{"server":"server-a","guest":"vm1"}' wait=60s >/dev/null
await deaf
NAMED='server-a/vm1 did not let go of it within'
refused "a detach" "$NAMED" POST /api/v1/functions/rack1/disk0/detach '{"timeout":"2s"}' wait=60s
manager GET assignments/rack1/disk0 | grep -q '"phase":"attached"' || fail "the drive is not attached any more"
refused "a move" "$NAMED" POST /api/v1/functions/rack1/disk0/move '{"server":"server-b","timeout":"2s"}' wait=60s
manager GET assignments/rack1/disk0 | grep -q '"server":"server-a".*"phase":"attached"' || fail "the drive is not the first server's any more"
tell refused
await working
ok "a guest that does not let go: detach and move fail, name it, and leave the drive where it is"
began=${EPOCHREALTIME/./}
manager POST functions/rack1/disk0/move '{"server":"server-b","force":true}' wait=60s >/dev/null
note "  taken by force and given to the other server in $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
tell forced
guest_end
manager GET assignments/rack1/disk0 | grep -q '"server":"server-b".*"phase":"attached"' || fail "the other server does not have it"
manager POST functions/rack1/disk0/detach '{}' wait=60s >/dev/null
ok "taken by force while it was written to"
still_serving up initiator initiator2
