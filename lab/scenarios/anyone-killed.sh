# manager, appliance, initiator killed at random moments of attaching, moving and detaching a running guest's drive, and its QEMU at last: nothing half done
needs_farslot
SEED=${FARSLOT_SEED:-20261123}
note "  FARSLOT_SEED=$SEED"
RANDOM=$SEED
up_config <<<'  - {name: scratch0, card: scratch}'
cat >"$WORK/appliance.yaml" <<YAML
name: rack2
listen: 127.0.0.1:$(free_port)
state-dir: $WORK/state-rack2
manager: $WORK/state
slots:
  - {name: disk0, card: nvme, serial: FS0001, namespaces: [{file: $WORK/disk0.img, size: 16MiB}]}
YAML
managed_initiator initiator server-a vm1
managed_initiator initiator2 server-b
api() { "$LAB/api" "$WORK/state/control.sock" "$@"; }
f=functions/rack2/disk0
# Once asked and perhaps lost with whoever was killed; then until it has come true: the same wish again is no conflict.
wish() { api POST "/api/v1/$f/$1" "$2" wait=60s >/dev/null 2>&1; }
is_free() { [[ $(api GET /api/v1/assignments/rack2/disk0 2>/dev/null) == *'"code":"not-found"'* ]]; }
is_so() { revive; wish "$@" || { [[ $1 == detach ]] && is_free; }; }
come_true() { wait_until 90 "$1 to come true" is_so "$@" || fail "$1 does not come true: $(api POST "/api/v1/$f/$1" "$2" 2>&1)"; }
HERE='{"server":"server-a","guest":"vm1"}' THERE='{"server":"server-b"}'

start up
start appliance
start initiator
start initiator2
guest_script() {
  cat <<'GUEST'
mark up
while listen && [ "$word" != bye ]; do
  wait_for 90 "the drive" [ -b /dev/nvme0n1 ]
  # Its node may be that of one which is just going.
  used() { dd if=/dev/nvme0n1 of=/tmp/was bs=4k count=1 iflag=direct 2>/dev/null && [ "$(stat -c %s /tmp/was)" = 4096 ]; }
  wait_for 60 "the drive to answer" used
  echo "found: $(tr -d '\0' </tmp/was)"
  put() { printf %s "$word" | dd of=/dev/nvme0n1 bs=4k conv=sync,fsync oflag=direct 2>/dev/null; }
  wait_for 60 "the drive to take a word" put
  mark "wrote $word"
done
if dmesg | grep -E 'BUG:|WARNING:|Oops'; then fail "the kernel complains about itself"; fi
GUEST
}
boot() {
  guest_start --empty-port --empty-port --time-limit 600 -- -qmp "unix:$WORK/vm1.qmp,server=on,wait=off" < <(guest_script)
  await up
}
# QEMU 11.1 may abort (error_setv) when the process of a device dies that it is just taking in or letting go; nothing else may end it.
victim='' victims=(up appliance initiator)
revive() {
  ! alive_guest || return 0
  [[ $victim == initiator ]] || fail "QEMU is gone, and only $victim was killed"
  note "  QEMU has gone with the initiator: another one takes its place"
  unset "PID[$GUEST_ROLE]"
  boot
}
boot
wait_until 60 "the manager to know the drive" api GET "/api/v1/$f" >/dev/null
last=''
# The guest finds what it wrote last, and writes something else.
used() {
  tell "$1"
  await "wrote $1" 200
  [[ $(said 's/^found: //p' | tail -n 1) == "$last" ]] || fail "round $1: the drive has '$(said 's/^found: //p' | tail -n 1)', and not '$last'"
  last=$1
}
round=0
for victim in $(shuf -e "${victims[@]}" --random-source=<(yes "$SEED")); do
  for what in attach move detach; do
    body=$HERE
    [[ $what != move ]] || body=$THERE
    [[ $what != detach ]] || body='{"timeout":"20s"}'
    # One of the three is hit, a random one.
    if [[ $what == attach ]]; then hit=$((RANDOM % 3)); fi
    if ((hit-- == 0)); then
      wish "$what" "$body" &
      asked=$!
      sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
      crash "$victim"
      start "$victim"
      wait "$asked" || true
      note "  ok  $victim killed while $what was under way"
    fi
    come_true "$what" "$body"
    revive
    [[ $what != attach ]] || used "$((++round))"
  done
  is_free || fail "detached, and yet $(api GET /api/v1/assignments/rack2/disk0)"
done
ok "$round rounds: what was wished has come true each time, the guest's bytes are there"
# And QEMU, in the middle of it; another one gets what was wished by itself.
wish attach "$HERE" &
asked=$!
sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
guest_killed
wait "$asked" || true
boot
come_true attach "$HERE"
used another
come_true detach '{}'
tell bye
guest_end
is_free || fail "detached, and yet $(api GET /api/v1/assignments/rack2/disk0)"
ok "QEMU killed while attach was under way: the next one has the drive"
still_serving up appliance initiator initiator2
