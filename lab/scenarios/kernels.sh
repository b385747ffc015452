# the same guest under Linux 6.1 and 6.12 (and Debian testing's, when it is in the cache)
one_drive 64MiB
start appliance
start initiator
for KERNEL in 6.1 6.12 7; do
  [[ -e $CACHE/kernel/$KERNEL/version ]] || continue
  guest --set name="$KERNEL" <<'GUEST'
drive
ok "mkfs.ext4 under $(uname -r)" mkfs.ext4 -q -F /dev/nvme0n1
ok "mount" mount /dev/nvme0n1 /mnt
fill /mnt/file 2 "$name"
sha256sum /mnt/file >/tmp/sums
ok "unmount" umount /mnt
ok "mount again" mount /dev/nvme0n1 /mnt
ok "the file has its checksum" sha256sum -c /tmp/sums
ok "fstrim" fstrim /mnt
umount /mnt
fio --name=v --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --rw=randrw --bsrange=4k-64k --blockalign=4k --iodepth=16 --size=12M --verify=crc32c --verify_fatal=1 --minimal >/dev/null || fail "fio"
ok "module unloaded" modprobe -r nvme
ok "module loaded" modprobe nvme
drive
no_kernel_complaint
GUEST
  ok "Linux $(<"$CACHE/kernel/$KERNEL/version")"
done
still_serving appliance initiator
