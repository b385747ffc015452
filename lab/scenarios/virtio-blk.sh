# virtio_blk drives a far disk: lspci, mkfs, checksums, fio with verification on several queues, discard, unbind and bind, FLR, remove and rescan
# compatibility
needs_farslot
virtio_disk 256MiB
start appliance
start initiator
guest --time-limit 240 -- -smp 2 <<'GUEST'
virtio_drive
bdf=$(virtio_bdf)
lspci -nn -s "$bdf" | grep '1af4:1042' || fail "lspci shows no modern virtio disk at $bdf"
lspci -vv -s "$bdf" | grep -E 'VirtIO|Vendor Specific|MSI-X|LnkSta:' || true
[ "$(cat /sys/block/vda/serial)" = FSV0001 ] || fail "the serial number is '$(cat /sys/block/vda/serial)'"
queues=$(ls /sys/block/vda/mq | wc -l)
[ "$queues" = "$(nproc)" ] || fail "$queues queues for $(nproc) processors"
echo "  ok  $queues queues; features $(cat /sys/bus/virtio/devices/virtio0/features)"
grep -q 'virtio0-req' /proc/interrupts || fail "no interrupt of a queue: $(grep virtio /proc/interrupts)"

ok "mkfs.ext4" mkfs.ext4 -q /dev/vda
ok "mount" mount /dev/vda /mnt
for n in 1 2 3; do fill /mnt/file$n 2 "$n"; done
echo "this very line lies on a virtio disk that is somewhere else" >/mnt/line
sha256sum /mnt/file? >/tmp/sums
ok "unmount" umount /mnt
echo 3 >/proc/sys/vm/drop_caches
ok "mount again" mount /dev/vda /mnt
ok "the files have their checksums" sha256sum -c /tmp/sums
ok "fstrim" fstrim /mnt
ok "unmount again" umount /mnt
ok "e2fsck finds nothing to do" e2fsck -fn /dev/vda

run() { # NAME OPTIONS
  name=$1; shift
  fio --name="$name" --filename=/dev/vda --direct=1 --ioengine=libaio --verify=crc32c --verify_fatal=1 --verify_backlog=64 --minimal "$@" >/tmp/fio.out 2>&1 ||
    { cat /tmp/fio.out; fail "fio $name"; }
  awk -F';' -v n="$name" '$1 == 3 { printf "  ok  fio %-8s %5d KiB/s %6d IOPS read, %5d KiB/s %6d IOPS written\n", n, $7, $8, $48, $49 }' /tmp/fio.out
}
run mixed --rw=randrw --rwmixread=40 --bssplit=4k/40:8k/20:12k/10:64k/20:1m/10 --iodepth=32 --size=48M --offset=128M
run deep --rw=randwrite --bs=4k --iodepth=128 --size=8M --offset=192M
run jobs --rw=randrw --bsrange=4k-32k --blockalign=4k --iodepth=8 --numjobs=2 --size=16M --offset=128M --offset_increment=32M --group_reporting

sum() { dd if=/dev/vda bs=64k count=16 iflag=direct 2>/dev/null | sha256sum | cut -c 1-64; }
wanted=$(sum)
dev=/sys/bus/pci/devices/$bdf
for round in 1 2 3; do
  echo "$bdf" >/sys/bus/pci/drivers/virtio-pci/unbind
  [ ! -b /dev/vda ] || fail "unbound, and the block device is still there"
  echo "$bdf" >/sys/bus/pci/drivers/virtio-pci/bind
  virtio_drive
  [ "$(sum)" = "$wanted" ] || fail "other bytes after unbind and bind"
done
echo "  ok  unbind and bind, three times"
echo "$bdf" >/sys/bus/pci/drivers/virtio-pci/unbind
echo flr >"$dev/reset_method"
echo 1 >"$dev/reset"
setpci -s "$bdf" COMMAND >/tmp/command
echo "$bdf" >/sys/bus/pci/drivers/virtio-pci/bind
virtio_drive
[ "$(sum)" = "$wanted" ] || fail "other bytes after FLR"
echo "  ok  FLR"
echo 1 >"$dev/remove"
echo 1 >/sys/bus/pci/rescan
virtio_drive
[ "$(sum)" = "$wanted" ] || fail "other bytes after remove and rescan"
echo "  ok  remove and rescan"
no_kernel_complaint
echo "sum: $(sha256sum </dev/vda | cut -c 1-64)"
GUEST
same "the guest's disk and the appliance's image hold the same bytes" "$(sed -n 's/^sum: //p' "$GUEST_LOG")" "$(sha256sum <"$DISK" | cut -c 1-64)"
grep -qa 'this very line lies on a virtio disk' "$DISK" || fail "the guest's line is not in the image"
still_serving appliance initiator
