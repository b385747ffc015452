# fio --verify while TCP is reset, then the cable is out for 2 s: no error in the guest; hosts in two network namespaces
needs_farslot
two_hosts
one_drive 256MiB
start appliance
start initiator
guest_start --time-limit 180 <<'GUEST'
drive
fio --name=v --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --rw=randrw --bsrange=4k-64k --blockalign=4k --iodepth=16 --size=64M \
  --verify=crc32c --verify_fatal=1 --verify_backlog=128 --loops=100 --time_based --runtime=16 --minimal >/tmp/fio.out 2>&1 &
fio=$!
sleep 1
kill -0 $fio || { cat /tmp/fio.out; fail "fio did not start"; }
mark "busy"
listen
kill -0 $fio || fail "fio ended before the cuts were over"
wait $fio || { cat /tmp/fio.out; fail "fio found an error"; }
awk -F';' '$1 == 3 { printf "  ok  fio: %d KiB read, %d KiB written\n", $6, $47 }' /tmp/fio.out
no_kernel_complaint
GUEST
await busy
for round in 1 2 3; do
  cut_connections
  sleep 0.7
done
ok "TCP connection reset, three times"
unplug_cable
sleep 2
plug_cable
ok "cable out for 2 s"
sleep 1
unplug_cable
cut_connections
sleep 2
plug_cable
ok "cable out for 2 s and the connection reset"
sleep 1
tell "the cuts are over"
guest_end
still_serving appliance initiator
