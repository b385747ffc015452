# the scratch card and its sample driver, built for the guest's kernel: registers of every width, every interrupt kind, DMA, AtomicOps, and bad hardware
needs_root "a compiler in a root of its own"
needs_farslot
appliance_config <<YAML
  - name: scratch0
    card: scratch
YAML
initiator_config initiator run <<<'  - name: scratch0'
SOCKET=$WORK/run/scratch0.sock
"$LAB/module" --kernel "$KERNEL" "$REPO/docs/driver" "$WORK/scratch.ko" || fail "the sample driver cannot be built"
ok "the sample driver is built for Linux $(<"$CACHE/kernel/$KERNEL/version")"
start appliance
start initiator

# bad WHAT FAULT...: the guest's next step, with this fault, which must strike.
bad() {
  "$REPO/farslot" fault --from "$WORK/appliance.yaml" scratch0 "${@:2}" >"$WORK/fault.out" 2>&1 || { cat "$WORK/fault.out" >&2; fail "farslot fault ${*:2}"; }
  tell "$1"
  await "done: $1" 60
  "$REPO/farslot" fault list --from "$WORK/appliance.yaml" >"$WORK/fault.out"
  if grep -q ' 0  *'"$2" "$WORK/fault.out"; then cat "$WORK/fault.out" >&2; fail "the fault has never struck"; fi
  "$REPO/farslot" fault clear --from "$WORK/appliance.yaml" >/dev/null
  ok "$1"
}

guest_start --file "$WORK/scratch.ko:/scratch.ko" --modules "" --time-limit 150 <<'GUEST'
bdf=0000:01:00.0
dev=/sys/bus/pci/devices/$bdf

# No driver yet: a register at every width, as software that maps BARs does.
setpci -s "$bdf" COMMAND=2
bar=$(awk 'NR == 1 { print $1 }' "$dev/resource")
at() { busybox devmem $((bar + $1)) "$2" ${3:+"$3"}; }
at 0x10 64 0x8877665544332211
at 0x13 8 0xAA
at 0x16 16 0xBBBB
[ "$(at 0x10 64)" = 0xBBBB6655AA332211 ] || fail "64 bits: $(at 0x10 64)"
[ "$(at 0x14 32)" = 0xBBBB6655 ] && [ "$(at 0x12 16)" = 0xAA33 ] && [ "$(at 0x11 8)" = 0x22 ] || fail "parts of a register"
echo "  ok  registers of 8, 16, 32 and 64 bits"

fill /tmp/seed.bin 1 driver
dd if=/tmp/seed.bin of=/tmp/sram.bin bs=64k count=1 2>/dev/null
wanted=$(sha256sum </tmp/sram.bin)
put() { dd if=/tmp/sram.bin of=/dev/scratch0 bs=16k 2>/dev/null; }
right() { [ "$(dd if=/dev/scratch0 bs=16k 2>/dev/null | sha256sum)" = "$wanted" ]; }
# Without interrupt remapping Linux gives a function one MSI only.
for mode in "msix 32" "msi 1" "intx 1"; do
  insmod /scratch.ko irq="${mode% *}"
  wait_for 20 "the driver" [ -c /dev/scratch0 ]
  [ "$(cat "$dev/mode")" = "$mode" ] || fail "wanted $mode, got $(cat "$dev/mode")"
  put || fail "$mode: DMA to the card"
  right || fail "$mode: other bytes came back"
  vector=0
  while [ $vector -lt "${mode#* }" ]; do
    echo $vector >"$dev/signal" || fail "$mode: vector $vector never came"
    vector=$((vector + 1))
  done
  # 4 writes, 4 reads, and each vector once.
  [ "$(cat "$dev/interrupts")" = $((8 + vector)) ] || fail "$mode: $(cat "$dev/interrupts") interrupts"
  echo 5 >"$dev/atomic" && echo 37 >"$dev/atomic" || fail "$mode: AtomicOps"
  [ "$(cat "$dev/atomic")" = 42 ] || fail "$mode: $(cat "$dev/atomic") by AtomicOps"
  rmmod scratch
  echo "  ok  DMA, AtomicOps and $vector interrupts by $mode"
done

insmod /scratch.ko
put
mark "ready"
while listen; do
  case $word in
    "lost interrupts") right || fail "$word: the driver did not look by itself" ;;
    "interrupts that nothing caused") put && right || fail "$word" ;;
    "refused DMA") ! put || fail "$word: the driver never noticed"; put && right || fail "$word, and then" ;;
    "a status nobody can read") ! right || fail "$word: the driver took all-ones for data"; put && right || fail "$word, and then" ;;
    "a card that is pulled out")
      ! right || fail "$word: the driver never noticed"
      echo 1 >"$dev/remove"
      [ ! -e /dev/scratch0 ] || fail "$word: its device is still there"
      ;;
    "plugged in again")
      wait_for 20 "the card" sh -c 'echo 1 >/sys/bus/pci/rescan; sleep 0.5; [ -c /dev/scratch0 ]'
      put && right || fail "$word"
      mark "done: $word"
      break
      ;;
  esac
  mark "done: $word"
done
if dmesg | grep -E 'BUG:|Oops|hung task|soft lockup|Call Trace|nobody cared|WARNING:'; then fail "the kernel has suffered"; fi
GUEST
await ready
bad "lost interrupts" drop --on interrupt --count 1
bad "interrupts that nothing caused" flood --vector 3 --rate 2000
bad "refused DMA" ur --on dma-read --count 1
bad "a status nobody can read" poison --on read --bar 0 --offset 0x34..0x37 --count 1
bad "a card that is pulled out" remove
tell "plugged in again"
await "done: plugged in again" 60
ok "plugged in again"
guest_end
still_serving appliance initiator
