# QEMU killed by SIGKILL in the middle of I/O, then started again on the same socket
one_drive 256MiB
start appliance
start initiator
for round in 1 2; do
  guest_start <<'GUEST'
drive
fill /tmp/a 1 killed
dd if=/tmp/a of=/dev/nvme0n1 bs=64k oflag=direct 2>/dev/null
fio --name=busy --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --rw=randrw --bs=4k --iodepth=32 --offset=64M --size=64M --time_based --runtime=100 >/dev/null &
sleep 1
mark "busy"
wait
GUEST
  await busy
  guest_killed
  ok "QEMU killed, round $round"
done
guest <<'GUEST'
drive
fill /tmp/a 1 killed
ok "what was written before is there" sh -c 'dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct 2>/dev/null | cmp - /tmp/a'
fio --name=v --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --rw=randrw --bs=4k --iodepth=32 --offset=64M --size=8M --verify=crc32c --minimal >/dev/null || fail "fio after the restart"
no_kernel_complaint
GUEST
still_serving appliance initiator
