# driver unbound and bound, FLR by sysfs, module unloaded and loaded, guest reboot: the drive is there and the bytes are
one_drive 64MiB
start appliance
start initiator
guest --reboot-allowed --time-limit 150 <<'GUEST'
drive
bdf=$(nvme_bdf)
dev=/sys/bus/pci/devices/$bdf
fill /tmp/seed.bin 1 reset
sum() { dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | sha256sum | cut -c 1-64; }
wanted=$(sha256sum </tmp/seed.bin | cut -c 1-64)

if [ "$(sum)" = "$wanted" ]; then
  echo "second boot: the bytes are still there"
  no_kernel_complaint
  exit 0
fi
dd if=/tmp/seed.bin of=/dev/nvme0n1 bs=64k oflag=direct 2>/dev/null
[ "$(sum)" = "$wanted" ] || fail "the bytes are not there right after writing"

for round in 1 2 3; do
  echo "$bdf" >/sys/bus/pci/drivers/nvme/unbind
  [ ! -b /dev/nvme0n1 ] || fail "unbound, and the block device is still there"
  echo "$bdf" >/sys/bus/pci/drivers/nvme/bind
  drive
  [ "$(sum)" = "$wanted" ] || fail "other bytes after unbind and bind"
done
echo "  ok  unbind and bind, three times"

grep -q flr "$dev/reset_method" || fail "no FLR among the reset methods: $(cat "$dev/reset_method")"
echo flr >"$dev/reset_method"
# The kernel asks the driver to stand aside and to come back around a reset by sysfs.
echo 1 >"$dev/reset"
drive
[ "$(sum)" = "$wanted" ] || fail "other bytes after FLR"
echo "  ok  FLR with the driver bound"
echo "$bdf" >/sys/bus/pci/drivers/nvme/unbind
echo 1 >"$dev/reset"
setpci -s "$bdf" COMMAND >/tmp/command
echo "$bdf" >/sys/bus/pci/drivers/nvme/bind
drive
[ "$(sum)" = "$wanted" ] || fail "other bytes after FLR without a driver"
echo "  ok  FLR without a driver"

ok "rmmod" modprobe -r nvme
[ ! -e /dev/nvme0 ] || fail "the module is gone and the device is not"
ok "modprobe" modprobe nvme
drive
[ "$(sum)" = "$wanted" ] || fail "other bytes after the module came back"

# Removed and found again, with all its BARs assigned anew.
echo 1 >"$dev/remove"
echo 1 >/sys/bus/pci/rescan
drive
[ "$(sum)" = "$wanted" ] || fail "other bytes after remove and rescan"
echo "  ok  remove and rescan"
no_kernel_complaint
mark "rebooting"
sleep 0.2
reboot -f
GUEST
file_has "$GUEST_LOG" 'second boot: the bytes are still there' || fail "the guest did not come back from its reboot"
still_serving appliance initiator
