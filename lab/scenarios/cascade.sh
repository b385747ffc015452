# a drive through two appliances: the first one's initiator is the device in the second one's slot; what is in the middle dies and returns
# compatibility
needs_farslot
CARD="vfio-user (another initiator's nvme)"
one_drive 64MiB
PORT2=$(free_port)
cat >"$WORK/appliance2.yaml" <<YAML
name: middle
listen: 127.0.0.1:$PORT2
state-dir: $WORK/state2
slots:
  - {name: far0, card: vfio-user, socket: $SOCKET}
YAML
cat >"$WORK/initiator2.yaml" <<YAML
name: server-b
appliance: 127.0.0.1:$PORT2
run-dir: $WORK/run2
functions:
  - {name: far0}
YAML
present() { "$REPO/farslot" status --from "$WORK/appliance2.yaml" 2>/dev/null | grep -qE "^far0 +$1"; }

# The second appliance first: its slot is empty until there is something to put into it.
start appliance2
present absent || fail "a slot whose device is not there yet should be empty"
start appliance
start initiator
wait_until 20 "the drive in the second appliance" present free || { show_log appliance2; fail "the second appliance does not see the drive"; }
start initiator2
SOCKET=$WORK/run2/far0.sock
guest_start --time-limit 300 <<'GUEST'
again() { # after the drive has gone and come back
  bdf=$1
  echo 1 >"/sys/bus/pci/devices/$bdf/remove"
  mark "$2"
  listen
  echo 1 >/sys/bus/pci/rescan
  drive
  ok "the drive is back, with what was written" sh -c 'dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a'
}
drive
fill /tmp/a 1 cascade
ok "written" dd if=/tmp/a of=/dev/nvme0n1 bs=64k oflag=direct
ok "read" sh -c 'dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a'
grep -q nvme0q1 /proc/interrupts || { cat /proc/interrupts; fail "no interrupts of the drive's queues"; }
ok "verified under load" fio --name=v --filename=/dev/nvme0n1 --offset=8M --direct=1 --ioengine=libaio --rw=randrw --bsrange=4k-64k --blockalign=4k \
  --iodepth=16 --size=8M --verify=crc32c --verify_fatal=1
no_kernel_complaint
bdf=$(nvme_bdf)
mark "busy"
listen
again "$bdf" "without its device"
again "$bdf" "without its appliance"
GUEST
await busy 120
crash initiator
wait_until 20 "the slot to be empty" present absent || { show_log appliance2; fail "a device whose process has died is still in its slot"; }
ok "the device's process killed: its slot is empty"
tell "it is gone"
await "without its device" 120
start initiator
wait_until 20 "the drive to be lent again" present lent || { show_log appliance2; fail "the drive has not come back to the server that had it"; }
ok "it is back: the server has it again"
tell "it is back"
await "without its appliance" 120
crash appliance2
start appliance2
wait_until 30 "the drive to be lent again" present lent || { show_log initiator2; fail "a restarted appliance has not lent the drive again"; }
ok "the appliance in the middle killed and started again"
tell "it is back"
guest_end
still_serving appliance initiator appliance2 initiator2
