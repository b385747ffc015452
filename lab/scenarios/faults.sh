# bad hardware on demand: late and lost DMA, lost doorbells and interrupts, a flood, no link: the stock nvme driver aborts, resets, removes, and lives on
needs_farslot
one_drive 64MiB
start appliance
start initiator

# fault WORD...: as `farslot fault`, of our appliance.
fault() { "$REPO/farslot" fault "$@" --from "$WORK/appliance.yaml" >"$WORK/fault.out" 2>&1 || { cat "$WORK/fault.out" >&2; fail "farslot fault $*"; }; }
# struck N: how often all faults that are set have struck, together: at least so often.
struck() {
  fault list -o json
  local times
  times=$(sed -n 's/^ *"struck" *: *\([0-9]*\).*/\1/p' "$WORK/fault.out" | awk '{ n += $1 } END { print n + 0 }')
  ((times >= $1)) || { cat "$WORK/fault.out" >&2; fail "the fault has struck $times times only, not $1"; }
}
# while_bad N WHAT FAULT...: the guest's next step, with this fault; it must strike N times and the guest must get to the step's end.
while_bad() {
  fault disk0 "${@:3}"
  tell "$2"
  await "done: $2" 60
  struck "$1"
  fault clear disk0
  ok "$2"
}

# One processor is one I/O queue: its doorbells are at 0x1008 and 0x100c.
guest_start --cpus 1 --time-limit 200 <<'GUEST'
drive
bdf=$(nvme_bdf)
modprobe -r nvme
modprobe -r nvme_core
# A driver in a hurry: what takes minutes by default is seconds here.
modprobe nvme_core io_timeout=2 admin_timeout=4
modprobe nvme
drive
fill /tmp/seed.bin 1 faults
wanted=$(sha256sum </tmp/seed.bin | cut -c 1-64)
put() { dd if=/tmp/seed.bin of=/dev/nvme0n1 bs=64k oflag=direct 2>/dev/null || fail "$word: the driver gave a write up"; }
sum() { dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | sha256sum | cut -c 1-64; }
right() { [ "$(sum)" = "$wanted" ] || fail "$word: other bytes"; }
put_and_right() { put; right; }
said() { dmesg | tail -n +$((before + 1)) | grep -qE "$1" || { dmesg | tail -n 20; fail "$word: the kernel never said '$1'"; }; }
put_and_right

mark "ready"
while listen; do
  before=$(dmesg | wc -l)
  case $word in
    "late DMA" | "interrupts that nothing caused") put_and_right ;;
    "lost interrupts") put_and_right; said 'timeout.*completion polled|completion polled' ;;
    "a lost doorbell") put_and_right; said 'timeout, (aborting|reset controller)|aborting' ;;
    "a dead link")
      # Nobody can save what is under way; what counts is that everything ends.
      dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct 2>/dev/null || true
      said 'controller is down|Disabling device|removing|Device not ready|reset controller'
      wait_for 40 "the driver to give up or to recover" sh -c "! grep -qE 'resetting|connecting' /sys/class/nvme/nvme*/state"
      [ ! -e "/sys/bus/pci/devices/$bdf" ] || echo 1 >"/sys/bus/pci/devices/$bdf/remove"
      ;;
    "back again")
      # The initiator asks for its card again every few seconds; each look takes half a second here.
      wait_for 20 "the drive to be found again" sh -c 'echo 1 >/sys/bus/pci/rescan; sleep 0.5; [ -b /dev/nvme0n1 ]'
      drive
      put_and_right
      mark "done: $word"
      break
      ;;
  esac
  mark "done: $word"
done
if dmesg | grep -E 'BUG:|Oops|hung task|soft lockup|Call Trace|nobody cared'; then fail "the kernel has suffered"; fi
GUEST
await ready

while_bad 100 "late DMA" delay --on dma-write --delay 3ms
while_bad 3 "lost interrupts" drop --on interrupt --skip 5 --count 3
while_bad 1 "a lost doorbell" drop --on write --bar 0 --offset 0x1008..0x100b --skip 3 --count 1
while_bad 1000 "interrupts that nothing caused" flood --vector 1 --rate 2000 --for 5s
while_bad 1 "a dead link" link-down --for 60s --on dma-read --skip 2
tell "back again"
await "done: back again" 60
ok "plugged in again: the drive is there, and the bytes are right"
guest_end
still_serving appliance initiator
