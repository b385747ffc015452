# The words that scenarios are written in. lab/run sources this, then the scenario.
# shellcheck shell=bash

# --- how a scenario ends -------------------------------------------------------------------------------------------

fail() {
  say "$SCENARIO: failed: $*" >"$WORK/verdict"
  exit 1
}

skip() {
  say "$SCENARIO: ${YELLOW}SKIPPED${PLAIN}: $*" >"$WORK/verdict"
  exit 77
}

ok() { note "  ${GREEN}ok${PLAIN}  $*"; }

# same WHAT WANTED FOUND
same() {
  [[ $2 == "$3" ]] || fail "$1: wanted $2, found $3"
  ok "$1"
}

# With --reference, QEMU's own emulated NVMe drive takes our place: what fails there too is the lab's fault, or the guest's.
reference() { [[ $REFERENCE == yes ]]; }
needs_root() { ((EUID == 0)) || skip "it needs root: $1"; }

# What a stranger's program may need: installed like the JDK and Maven, if this machine can.
needs_python() {
  command -v python3 >/dev/null && return
  note "  no python3 here, installing it"
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install python3; } >"$WORK/apt.log" 2>&1 || true
  command -v python3 >/dev/null || skip "no python3, and apt-get could not install it (log in apt.log): apt-get install python3"
}
needs_farslot() { ! reference || skip "it is about our own programs, nothing to compare with QEMU's drive"; }

# needs_jdk: JAVA_HOME is the JDK that ./farslot uses, also where nobody has set it.
needs_jdk() { eval "$("$REPO/farslot" --environment)"; }

# --- set-up --------------------------------------------------------------------------------------------------------

# shellcheck source=lab/lib/net.sh
. "$LAB/lib/net.sh"
# shellcheck source=lab/lib/guide.sh
. "$LAB/lib/guide.sh"

declare -A PID
SPAWNED=()
APPLIANCE_HOST=127.0.0.1

# A port nobody listens on. Below the range that the kernel gives to outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  say "$port"
}

# one_drive [SIZE [BLOCK_SIZE]]: the usual appliance with one NVMe drive, and the usual initiator.
one_drive() {
  DISK=$WORK/disk.img
  SOCKET=$WORK/run/disk0.sock
  appliance_config <<YAML
  - name: disk0
    card: nvme
    serial: FS0001
    namespaces:
      - file: $DISK
        size: ${1:-64MiB}
        block-size: ${2:-512}
YAML
  initiator_config initiator run <<<'  - name: disk0'
  REFERENCE_SIZE=${1:-64MiB}
}

# virtio_disk [SIZE [BLOCK_SIZE]]: the same with a virtio disk.
virtio_disk() {
  DISK=$WORK/disk.img
  SOCKET=$WORK/run/disk0.sock
  appliance_config <<YAML
  - name: disk0
    card: virtio-blk
    serial: FSV0001
    file: $DISK
    size: ${1:-64MiB}
    block-size: ${2:-512}
YAML
  initiator_config initiator run <<<'  - name: disk0'
}

# appliance_config: writes the appliance's file; the slots come on standard input.
appliance_config() {
  PORT=${PORT:-$(free_port)}
  {
    say "name: appliance"
    say "listen: ${LISTEN:-$APPLIANCE_HOST:$PORT}"
    # The namespaces are ours alone; scenario 'secure' has credentials.
    [ -n "${APPLIANCE_PKI:-}" ] && say "pki: $APPLIANCE_PKI" || say "insecure: true"
    say "state-dir: $WORK/state"
    say "slots:"
    cat
  } >"$WORK/appliance.yaml"
}

# initiator_config ROLE RUN_DIR [NAME]: writes an initiator's file; the functions come on standard input.
initiator_config() {
  {
    say "name: ${3:-server-a}"
    say "appliance: ${DIAL:-$APPLIANCE_HOST:$PORT}"
    say "run-dir: $WORK/$2"
    [[ -z ${FRAME_BYTES:-} ]] || say "frame-bytes: $FRAME_BYTES"
    [[ -z ${INITIATOR_PKI:-} ]] || say "pki: $INITIATOR_PKI"
    say "functions:"
    cat
  } >"$WORK/$1.yaml"
}

# managed_drive [SIZE]: `farslot up` for one NVMe drive, rack1/disk0, whose manager says who has it.
managed_drive() {
  DISK=$WORK/disk.img
  up_config <<YAML
  - name: disk0
    card: nvme
    serial: FS0001
    namespaces:
      - file: $DISK
        size: ${1:-64MiB}
        block-size: 512
YAML
}

# up_config: writes the file of an appliance with its manager, rack1; the slots come on standard input.
up_config() {
  PORT=${PORT:-$(free_port)}
  {
    say "name: rack1"
    say "listen: ${LISTEN:-$APPLIANCE_HOST:$PORT}"
    say "insecure: true" # The namespaces are ours alone.
    say "state-dir: $WORK/state"
    say "slots:"
    cat
  } >"$WORK/up.yaml"
}

# managed_initiator ROLE NAME [GUEST...]: writes the file of an initiator that does what the manager says; each guest has its control
# socket at $WORK/GUEST.qmp.
managed_initiator() {
  local guest
  {
    say "name: $2"
    say "manager: $WORK/state"
    say "run-dir: $WORK/run-$2"
    say "state-dir: $WORK/state-$2"
    (($# == 2)) || say "guests:"
    for guest in "${@:3}"; do say "  - {name: $guest, qmp: $WORK/$guest.qmp}"; done
  } >"$WORK/$1.yaml"
}

# manager METHOD PATH [BODY [KEY=VALUE...]]: asks the manager; fails when it refuses.
manager() { "$LAB/api" "$WORK/state/control.sock" "$1" "/api/v1/$2" "${@:3}" || fail "the manager refuses $1 $2"; }

# --- our programs --------------------------------------------------------------------------------------------------

# start ROLE: `farslot appliance` or `farslot initiator` (a second initiator is called initiator2), until it says that it is ready.
start() {
  local role=$1
  reference && return
  launch "$role"
  wait_until 30 "$role to be ready" ready_or_dead "$role" || { show_log "$role"; fail "$role was not ready after 30 s"; }
  alive "$role" || { show_log "$role"; fail "$role ended at its start"; }
}

# launch ROLE: start without waiting.
launch() {
  local role=$1 enter=()
  [[ -z ${HOST[${role%%[0-9]*}]:-} ]] || enter=(nsenter --net="/proc/${HOST[${role%%[0-9]*}]}/ns/net")
  # Each start has its own stretch of the log, so that an old "ready" is not taken for a new one.
  : >"$WORK/$role.log.new"
  [[ ! -e $WORK/$role.log ]] || mv "$WORK/$role.log" "$WORK/$role.log.$(date +%s%N)"
  mv "$WORK/$role.log.new" "$WORK/$role.log"
  setpriv --pdeathsig KILL ${enter[@]+"${enter[@]}"} "$REPO/farslot" "${role%%[0-9]*}" --config "$WORK/$role.yaml" 8>&- </dev/null >>"$WORK/$role.log" 2>&1 &
  PID[$role]=$!
  SPAWNED+=("$!")
}

alive() { [[ -n ${PID[$1]:-} ]] && kill -0 "${PID[$1]}" 2>/dev/null; }
ready_or_dead() { ! alive "$1" || file_has "$WORK/$1.log" '\bready\b'; }
show_log() { [[ ! -e $WORK/$1.log ]] || { note "  the end of the log of the $1:"; tail -n 25 "$WORK/$1.log" | sed 's/^/    | /' >&2; }; }

# stop ROLE: by SIGTERM; it must obey within 10 s. crash ROLE: by SIGKILL.
stop() {
  reference && return
  local pid=${PID[$1]}
  terminate "$pid" 10
  unset "PID[$1]"
}
crash() {
  kill -KILL "${PID[$1]}"
  wait "${PID[$1]}" 2>/dev/null || true
  unset "PID[$1]"
}

# The programs that should have survived, have they?
still_serving() {
  local role
  reference && return
  for role in "$@"; do alive "$role" || { show_log "$role"; fail "the $role is gone"; }; done
}

# --- guests --------------------------------------------------------------------------------------------------------

GUESTS=0
# The guest that is spoken of (see of), its role in PID, and what guests get besides the usual image (see extra).
GUEST_ROLE=guest GUEST='' GUEST_LOG=''
EXTRAS=()
# Of several guests: a place for all of them is ours.
TURN=()

# extra NAME...: from here on guests have these programs of lab/extras, and this machine those that are marked there.
extra() {
  local name
  for name; do EXTRAS+=(--extra "$name"); done
}

# several_guests: from here on any number of them at once, started by guest_named. They are slow then.
several_guests() {
  take_turn
  TURN=(--turn-taken)
}

# guest_named NAME [BOOT-OPTION...]: guest_start for one of several, until its kernel is up. What is said of it later begins with `of NAME`.
# They boot one after the other: Linux 6.1 measures its clocks then, and is an hour wrong in a minute when others take its processor.
guest_named() {
  ((${#TURN[@]})) || several_guests
  GUEST_ROLE=guest-$1
  guest_start --name "$1" "${@:2}"
  wait_until 150 "guest $1 to boot" booted_or_gone || true
}

# of NAME WORD...: await, tell, qmp, guest_end, guest_killed, alive_guest, said: of that guest.
of() {
  local role=$GUEST_ROLE guest=$GUEST log=$GUEST_LOG status=0
  GUEST_ROLE=guest-$1
  GUEST=$WORK/$GUEST_ROLE
  GUEST_LOG=$GUEST.log
  "${@:2}" || status=$?
  GUEST_ROLE=$role GUEST=$guest GUEST_LOG=$log
  return "$status"
}

# said EXPRESSION: what the guest has said so far, by one of sed's expressions: said 's/^rate: //p'
said() { tr -d '\r' <"$GUEST_LOG" | sed -n "$1"; }

# guest [BOOT-OPTION...]: boots a guest with the drive (SOCKET); its script comes on standard input. Fails when the script does.
guest() {
  guest_start "$@"
  guest_end
}

# guest_start [BOOT-OPTION...]: the same, in the background. One guest at a time; several are started by guest_named.
guest_start() {
  GUESTS=$((GUESTS + 1))
  if [[ $GUEST_ROLE == guest ]]; then GUEST=$WORK/guest$GUESTS; else GUEST=$WORK/$GUEST_ROLE; fi
  # One of this name that was here before, as a third guest takes over from the first.
  rm -f "$GUEST".{pid,qmp,talk.in,talk.out}
  GUEST_LOG=$GUEST.log
  cat >"$GUEST.script"
  local attach=() arg own=no
  for arg in "$@"; do [[ $arg != --function && $arg != --empty-port && $arg != --no-function ]] || own=yes; done
  if [[ $own == no ]]; then attach=(--function "$SOCKET"); fi
  boot_arguments ${attach[@]+"${attach[@]}"} "$@"
  setpriv --pdeathsig TERM "$LAB/boot" --kernel "$KERNEL" --script "$GUEST.script" --log "$GUEST_LOG" --pid-file "$GUEST.pid" --qmp "$GUEST.qmp" --talk "$GUEST.talk" \
    ${TURN[@]+"${TURN[@]}"} ${EXTRAS[@]+"${EXTRAS[@]}"} "${BOOT[@]}" 8>&- </dev/null &
  PID[$GUEST_ROLE]=$!
  SPAWNED+=("$!")
  # A guest may have to wait for its turn on this machine; time limits begin after that.
  wait_until 1200 "the guest's turn" started_or_gone || fail "the guest did not get its turn"
}
booted_or_gone() { file_has "$GUEST_LOG" '^@@guest-up' || ! alive_guest; }
started_or_gone() { [[ -s $GUEST.pid ]] || ! alive_guest; }
alive_guest() { alive "$GUEST_ROLE"; }

# In reference mode every function becomes a drive of QEMU's own.
boot_arguments() {
  BOOT=()
  local qemu=() n=0
  while (($#)); do
    case $1 in
      --no-function) ;;
      --) shift; qemu+=("$@"); break ;;
      --function)
        if reference; then
          n=$((n + 1))
          reference_disk
          BOOT+=(--empty-port)
          qemu+=(-drive "if=none,id=d$n,file=$DISK,format=raw,discard=unmap" -device "nvme,id=card$n,bus=rp$n,drive=d$n,serial=FS0001")
        else
          BOOT+=(--function "$2")
        fi
        shift
        ;;
      *) BOOT+=("$1") ;;
    esac
    shift
  done
  BOOT+=(-- ${qemu[@]+"${qemu[@]}"})
}

reference_disk() { [[ -e $DISK ]] || truncate -s "${REFERENCE_SIZE%iB}" "$DISK"; }

# guest_end: waits for the guest's end and takes its script's verdict for ours.
guest_end() {
  local status=0 why who=${GUEST_ROLE/-/ }
  wait "${PID[$GUEST_ROLE]}" || status=$?
  unset "PID[$GUEST_ROLE]"
  ((status != 0)) || return 0
  why=$(grep -a '^@@failed: ' "$GUEST_LOG" | tail -n 1 || true)
  why=${why#@@failed: }
  case $status in
    124) fail "$who: not done within its time limit${why:+ ($why)}" ;;
    125) fail "$who: it ended without a status" ;;
    126) fail "$who: QEMU did not start" ;;
    *) fail "$who: ${why:-its script ended with status $status}" ;;
  esac
}

# guest_killed: SIGKILL to QEMU; what the guest did after that is nobody's business.
guest_killed() {
  kill -KILL "$(<"$GUEST.pid")"
  { wait "${PID[$GUEST_ROLE]}" || true; } 2>/dev/null
  unset "PID[$GUEST_ROLE]"
}

# await TEXT [SECONDS]: until the guest's script has said `mark TEXT`.
await() {
  wait_until "${2:-90}" "the guest to say '$1'" marked_or_gone "$1" || fail "the guest never came to '$1'"
  file_has "$GUEST_LOG" "^@@mark: $1" || guest_end
}
marked_or_gone() { file_has "$GUEST_LOG" "^@@mark: $1" || ! alive_guest; }

# tell WORD: to a guest's script that listens.
# Opened for both ways, so that a guest that is gone does not hold us up.
tell() { say "$1" 1<>"$GUEST.talk.in"; }

qmp() { "$LAB/qmp" "$GUEST.qmp" "$@"; }

# --- two hosts -----------------------------------------------------------------------------------------------------

# two_hosts [CABLES [MTU]]: from here on appliance and initiator live in network namespaces of their own, joined by cables (see net.sh).
two_hosts() {
  needs_root "network namespaces"
  net_lay "$@"
  APPLIANCE_HOST=10.78.0.1
}

# rails KIND...: the session's rails, one for each cable: tcp, eth, or eth with parameters as in eth?vlan=7.
rails() {
  local kind n=0 listen='' dial=''
  PORT=${PORT:-$(free_port)}
  for kind; do
    if [[ $kind == tcp ]]; then
      listen+=", '10.78.$n.1:$PORT'" dial+=", '10.78.$n.1:$PORT'"
    else
      listen+=", 'eth:rail$n${kind#eth}'" dial+=", 'eth:rail$n/appliance${kind#eth}'"
    fi
    n=$((n + 1))
  done
  LISTEN="[${listen#, }]" DIAL="[${dial#, }]"
}

# busy_guest: a guest that writes and reads with verification, and says 'busy' when it does. Whatever is done to the network meanwhile may
# take its time; `calm_again` then lets it end: no error in fio, no complaint of the kernel.
busy_guest() {
  guest_start --time-limit 240 <<'GUEST'
drive
verify_on 64M 4
mark "busy"
listen
verified
no_kernel_complaint
GUEST
  await busy
}
calm_again() {
  tell "calm again"
  guest_end
  still_serving appliance initiator
}

# plug SOCKET: a function into the guest's empty port, by QMP.
plug() {
  qmp device_add "{\"driver\":\"vfio-user-pci\",\"id\":\"card1\",\"bus\":\"rp1\",\"socket\":{\"type\":\"unix\",\"path\":\"$1\"}}" >/dev/null ||
    fail "device_add: QEMU refused"
}

# plug_thrice COMMAND...: COMMAND plugs as often as the guest says that nothing is there ("empty N"); when it has used it, it is unplugged.
plug_thrice() {
  local round
  for round in 1 2 3; do
    await "empty $round"
    "$@"
    await "used $round"
    qmp device_del '{"id":"card1"}' >/dev/null || fail "device_del: QEMU refused"
    ok "plugged, used and unplugged, round $round"
  done
}

# on ROLE COMMAND...: in that host's network namespace.
on() { net_on "$@"; }

# Resets every TCP connection of the link, as a firewall that forgot its state does.
cut_connections() {
  local cut
  cut=$(on initiator ss -K -H -t dport = ":$PORT" | wc -l)
  ((cut > 0)) || fail "there was no TCP connection to cut"
}

# --- the end -------------------------------------------------------------------------------------------------------

# roles KIND: those of that kind that were started and not ended: initiator, initiator2, ...
roles() {
  local role
  for role in "${!PID[@]}"; do [[ $role != "$1"* ]] || say "$role"; done | sort
}

# Everything this scenario started goes, the drive's user before the drive.
stop_everything() {
  local role pid
  for role in $(roles guest) $(roles initiator) $(roles appliance) $(roles up); do
    alive "$role" && terminate "${PID[$role]}" 10
  done
  for pid in ${SPAWNED[@]+"${SPAWNED[@]}"}; do
    ! kill -0 "$pid" 2>/dev/null || { note "  process $pid would not end: SIGKILL"; kill -KILL "$pid" 2>/dev/null; }
  done
  return 0
}

tear_down() {
  stop_everything
  net_end
}
