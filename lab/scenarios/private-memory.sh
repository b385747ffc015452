# the guest's memory cannot be mapped: all DMA goes by message, interrupts never before their data
one_drive 64MiB
start appliance
start initiator
guest --private-memory --time-limit 240 <<'GUEST'
drive
ok "mkfs.ext4" mkfs.ext4 -q /dev/nvme0n1
ok "mount" mount /dev/nvme0n1 /mnt
fill /mnt/file 2 1
sha256sum /mnt/file >/tmp/sums
ok "unmount" umount /mnt
ok "mount again" mount /dev/nvme0n1 /mnt
ok "the file has its checksum" sha256sum -c /tmp/sums
umount /mnt
fio --name=v --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --rw=randrw --bsrange=4k-64k --blockalign=4k --iodepth=16 --size=8M \
  --verify=crc32c --verify_fatal=1 --minimal >/tmp/fio.out 2>&1 || { cat /tmp/fio.out; fail "fio --verify"; }
echo "  ok  fio --verify"
no_kernel_complaint
GUEST
reference || still_serving appliance initiator
