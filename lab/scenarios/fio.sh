# fio with crc32c verification: random mixed block sizes, deep queues, several jobs; 512 and 4096 byte blocks
for block in 512 4096; do
  rm -f "$WORK"/disk.img
  one_drive 256MiB "$block"
  start appliance
  start initiator
  guest --set block="$block" --set reference="$REFERENCE" --time-limit 240 <<'GUEST'
drive
[ "$(blockdev --getss /dev/nvme0n1)" = "$block" ] || [ "$reference" = yes ] || fail "the guest sees blocks of $(blockdev --getss /dev/nvme0n1)"
run() { # NAME OPTIONS
  name=$1; shift
  fio --name="$name" --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --verify=crc32c --verify_fatal=1 --verify_backlog=64 --minimal "$@" >/tmp/fio.out 2>&1 ||
    { cat /tmp/fio.out; fail "fio $name"; }
  awk -F';' -v n="$name" '$1 == 3 { printf "  ok  fio %-8s %5d KiB/s %6d IOPS read, %5d KiB/s %6d IOPS written\n", n, $7, $8, $48, $49 }' /tmp/fio.out
}
run mixed --rw=randrw --rwmixread=40 --bssplit=4k/40:8k/20:12k/10:64k/20:256k/10 --iodepth=32 --size=48M
run deep --rw=randwrite --bs=4k --iodepth=128 --size=8M --offset=64M
run jobs --rw=randrw --bsrange=4k-32k --blockalign=4k --iodepth=8 --numjobs=2 --size=16M --offset=96M --offset_increment=32M --group_reporting
no_kernel_complaint
GUEST
  still_serving appliance initiator
  reference && break
  stop initiator
  stop appliance
done
