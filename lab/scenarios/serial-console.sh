# a login on a guest's serial port from other hosts: through a pseudo-terminal of the appliance, and over TCP
# compatibility
needs_farslot
two_hosts
extra login
SOCKET=$WORK/run/serial0.sock

# expect TEXT [SECONDS]: until the other end has said that; what it says is on descriptor 6, and kept in SAID.
expect() {
  local character seen='' limit=$((${2:-40} * PATIENCE)) until
  until=$((SECONDS + limit))
  while ((SECONDS < until)) && IFS= read -r -n 1 -d '' -t "$limit" -u 6 character; do
    seen+=$character
    [[ $seen != *"$1"* ]] || { SAID=$seen; return 0; }
  done
  (($# > 1)) || printf 'waited for %q, and saw %q\n' "$1" "$seen" >&2
  return 1
}

# wake: presses return until there is a prompt: who was asked before anybody was there is not asked again.
wake() {
  local try
  for try in {1..20}; do
    printf '\r' >&5
    ! expect 'login: ' 2 || return 0
  done
  echo "there is no login" >&2
  return 1
}

# get_in NAME PASSWORD: to a shell's prompt. Whoever asks forgets what was typed before, and nobody tells when it is done with that: a
# person waits a second, and is asked again where that was too short.
get_in() {
  local try
  for try in {1..5}; do
    wake || return 1
    sleep 1
    printf '%s\r' "$1" >&5
    expect 'Password: ' 10 || continue
    sleep 1
    printf '%s\r' "$2" >&5
    ! expect '# ' 10 || return 0
  done
  echo "nobody is let in" >&2
  return 1
}

# log_in TERMINAL NAME: what a person does there. The answers are not what is typed, so that an echo is no answer.
log_in() {
  local line=0123456789abcdefghijklmnopqrstuvwxyz reader
  exec 5<>"$1"
  # Bash itself must not read from a terminal: it would switch echo on, and the prompts would be answers.
  exec 6< <(exec cat <&5)
  reader=$!
  get_in root farslot || return 1
  # shellcheck disable=SC2016  # the guest's words
  printf 'echo "this is $(tty), $((6 * 7))"\r' >&5
  expect "this is $2, 42" || return 1
  printf 'yes %s | head -n 200; echo e""nd\r' $line >&5
  expect 'end' || return 1
  [[ $(grep -c "^$line.\$" <<<"$SAID") == 200 ]] || { printf 'lines are missing: %q\n' "$SAID" >&2; return 1; }
  printf 'exit\r' >&5
  expect 'login: ' || return 1
  exec 5>&- 6>&-
  kill "$reader"
}

appliance_config <<YAML
  - name: serial0
    card: uart16550
    ports:
      - {pty: $WORK/console}
      - {listen: 10.78.0.1:7001}
YAML
initiator_config initiator run <<<'  - name: serial0'
start appliance
start initiator
guest_start --time-limit 240 <<'GUEST'
[ "$(card_ttys | wc -l)" = 2 ] || { card_ttys; fail "not two ports"; }
for tty in $(card_ttys); do [ "$(tty_type "$tty")" = 4 ] || fail "$tty is no 16550A: $(tty_type "$tty")"; done
echo "  ok  the kernel's own driver has found two ports"
echo "ports: $(card_tty 1) $(card_tty 2)"
for tty in $(card_ttys); do
  (trap '' HUP; while :; do setsid agetty 115200 "${tty#/dev/}" vt100; sleep 1; done) >/dev/null 2>&1 &
done
mark ready
listen
# Linux 6.12 warns of its own driver (pcim_iomap), whichever card has several ports in memory.
! dmesg | grep -E 'nobody cared|BUG:' || fail "the kernel complains"
GUEST
await ready
read -r first second < <(said 's/^ports: //p')
log_in "$WORK/console" "$first" || fail "nobody could log in through the pseudo-terminal"
ok "a login through the pseudo-terminal"
export -f log_in get_in expect wake
export PATIENCE
over_tcp() { nsenter --net="/proc/${HOST[initiator]}/ns/net" bash -euc "log_in /dev/tcp/10.78.0.1/7001 $second"; }
over_tcp || fail "nobody could log in over TCP"
ok "a login over TCP, from the other host"
# The line has one caller. Who calls before it is known that the last one has left is turned away, and calls again.
wait_until 60 "the line to be free" over_tcp || fail "who called again did not find a login"
ok "who has left may call again"
log_in "$WORK/console" "$first" || fail "who opened the pseudo-terminal again did not find a login"
tell end
guest_end
still_serving appliance initiator
