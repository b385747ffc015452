# the appliance killed and started again, twice, under a guest that writes and reads: no error, and its driver is told when the drive is back
needs_farslot
one_drive 64MiB
start appliance
start initiator
guest_start --time-limit 240 <<'GUEST'
drive
# One write after the other, each with its number and read back; uptime has hundredths of a second.
cat >/tmp/writer <<'WRITER'
n=0
while [ ! -e /tmp/enough ]; do
  read -r before _ </proc/uptime
  printf "%016d" $n | dd of=/dev/nvme0n1 bs=4k seek=$((n % 4096)) conv=sync oflag=direct 2>/dev/null || { echo "write $n failed"; exit 1; }
  [ "$(dd if=/dev/nvme0n1 bs=4k skip=$((n % 4096)) count=1 iflag=direct 2>/dev/null | head -c 16)" = "$(printf "%016d" $n)" ] || { echo "read $n differs"; exit 1; }
  read -r after _ </proc/uptime
  echo "$n $before $after"
  n=$((n + 1))
done
echo done
WRITER
sh /tmp/writer >/tmp/log 2>&1 &
wait_for 20 "the first writes" grep -q '^20 ' /tmp/log
for round in 1 2; do
  mark "busy $round"
  listen
  before=$(wc -l </tmp/log)
  went_on() { [ "$(wc -l </tmp/log)" -gt $((before + 20)) ]; }
  wait_for 120 "the writes to go on" went_on
  awk -v from="$before" 'NR > from - 2 && NF == 3 && $3 - $2 > worst { worst = $3 - $2 } END { printf "pause: %.2f s\n", worst }' /tmp/log
  mark "on $round"
done
touch /tmp/enough
wait_for 20 "the writer's end" grep -q '^done' /tmp/log
if dmesg | grep -iE 'I/O error|Buffer I/O|BUG:|WARNING:|Disabling device'; then fail "the kernel complains"; fi
[ "$(dmesg | grep -cE 'resetting controller due to (AER|persistent internal error)')" = 2 ] || { dmesg | grep nvme | tail -n 12; fail "the driver was not told twice that its controller is another"; }
GUEST
for round in 1 2; do
  await "busy $round"
  crash appliance
  began=${EPOCHREALTIME/./}
  start appliance
  note "  the appliance was away for $(((${EPOCHREALTIME/./} - began) / 1000)) ms"
  tell killed
  await "on $round" 150
done
guest_end
ok "the guest's I/O paused for $(said 's/^pause: //p' | paste -sd ',' | sed 's/,/ and /')"
still_serving appliance initiator
