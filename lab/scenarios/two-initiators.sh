# two initiators ask for the same function: the second is refused and told who has it, the first does not notice
needs_farslot
one_drive 64MiB
initiator_config initiator2 run2 server-b <<<'  - name: disk0'
start appliance
start initiator
guest_start <<'GUEST'
drive
fio --name=v --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --rw=randrw --bs=4k --iodepth=8 --size=4M --verify=crc32c --verify_fatal=1 --loops=1000 --time_based --runtime=4 --minimal >/tmp/fio.out 2>&1 &
mark "busy"
wait $! || { cat /tmp/fio.out; fail "fio"; }
no_kernel_complaint
GUEST
await busy
launch initiator2
wait_until 20 "the second initiator to name the first" file_has "$WORK/initiator2.log" 'server-a' || { show_log initiator2; fail "the second initiator was not told that server-a has the function"; }
ok "refused: $(grep -a -m 1 server-a "$WORK/initiator2.log")"
[[ ! -S $WORK/run2/disk0.sock ]] || fail "the second initiator offers a socket all the same"
if alive initiator2; then stop initiator2; fi
guest_end
still_serving appliance initiator
