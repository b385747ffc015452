# Does what a page of docs/guide says, command by command, as its reader would: on hosts of their own, with real guests. Sourced by scenarios
# guide-*. What a page's fences mean (the first word is the language; GitHub shows the rest to nobody):
#
#   ```sh                      commands; must succeed within two minutes
#   ```sh on=server-a          ... on that host; without it on the page's first
#   ```sh until=ready          ... in a terminal of their own, and go on; the next block is done when they have said that
#   ```sh fails=4              ... must end with that status
#   ```sh guest=vm1            start a guest; QEMU's options are taken as they stand but for machine, memory and disk, which are the lab's
#   ```sh in=vm1               inside that guest, a line at a time
#   ```sh not-run              what cannot be done here; the page says why
#   ```text                    what the block before it has printed: these lines in this order, ... is anything, widths of spaces do not matter
#   ```yaml file=up.yaml       a file, in the host's current directory (on=HOST as above)
# shellcheck shell=bash

GUIDE_SECONDS=120
declare -A GUIDE_STEPS=()
GUIDE_TERMINALS=()

# page FILE HOST...: hosts are network and mount namespaces with empty /var/lib, /run and HOME, in one Ethernet segment, 10.78.0.1 and so on, and know
# each other by name. The first is where commands go that name none.
page() {
  local file=$REPO/$1
  needs_root "network and mount namespaces"
  needs_farslot
  PAGE_HOST=$2
  guide_hosts "${@:2}"
  mkdir -p "$WORK/bin" "$WORK/steps"
  ln -s "$REPO/farslot" "$WORK/bin/farslot"
  ln -s "$LAB/lib/guide/qemu-system-x86_64" "$WORK/bin/qemu-system-x86_64"
  ln -s "$LAB/lib/guide/scp" "$WORK/bin/scp"
  guide_cut "$file" "$WORK/steps"
  local step
  for step in "$WORK"/steps/*.attributes; do guide_step "${step%.attributes}"; done
  guide_end
}

guide_hosts() {
  local host n=0
  HOSTS=(switch "$@")
  printf '127.0.0.1 localhost\n' >"$WORK/hosts"
  for host; do
    n=$((n + 1))
    printf '10.78.0.%d %s\n' $n "$host" >>"$WORK/hosts"
  done
  for host in "${HOSTS[@]}"; do
    mkdir -p "$WORK/$host"
    # shellcheck disable=SC2016  # for the inner shell
    setpriv --pdeathsig KILL unshare --net --mount --propagation private sh -c '
      ip link set lo up
      mount -t tmpfs tmpfs /var/lib && mount -t tmpfs tmpfs /run && mount --bind "$0" /etc/hosts
      exec sleep infinity' "$WORK/hosts" </dev/null >/dev/null 2>&1 8>&- &
    HOST[$host]=$!
  done
  for host in "${HOSTS[@]}"; do wait_until 5 "host $host" net_entered "$host"; done
  net_on switch ip link add sw0 type bridge forward_delay 0 mcast_snooping 0
  net_on switch ip link set sw0 up
  n=0
  for host; do
    n=$((n + 1))
    net_veth "$host" eth0 switch "to$n"
    net_on switch ip link set "to$n" master sw0
    net_on "$host" ip address add "10.78.0.$n/24" dev eth0
  done
}

# guide_cut PAGE DIRECTORY: a page's fences as NNN.attributes (language and the rest of the line) and NNN.body.
guide_cut() {
  awk -v to="$2" '
    !open && /^```/ { open = 1; n++; name = sprintf("%s/%03d", to, n); print NR, substr($0, 4) >(name ".attributes"); close(name ".attributes"); printf "" >(name ".body"); next }
    open && /^```$/ { open = 0; close(name ".body"); next }
    open { print >(name ".body") }' "$1"
}

# guide_step FILE: one fence.
guide_step() {
  local line language rest word on=$PAGE_HOST in='' until='' fails=0 guest='' file=''
  read -r line language rest <"$1.attributes"
  for word in $rest; do
    case $word in
      on=*) on=${word#*=} ;;
      in=*) in=${word#*=} ;;
      until=*) until=${word#*=} ;;
      fails=*) fails=${word#*=} ;;
      guest=*) guest=${word#*=} ;;
      file=*) file=${word#*=} ;;
      not-run) return ;;
      *) fail "line $line: nobody knows what '$word' means" ;;
    esac
  done
  GUIDE_LINE=$line
  case $language in
    sh)
      note "  line $line${on:+, on $on}${in:+, in $in}: $(grep -v '^#' "$1.body" | sed -n 1p | cut -c 1-100)"
      if [[ -n $guest ]]; then guide_guest "$guest" "$on" "$1"
      elif [[ -n $in ]]; then guide_in "$in" "$1"
      elif [[ -n $until ]]; then guide_terminal "$on" "$until" "$1"
      else guide_run "$on" "$fails" "$1"
      fi
      GUIDE_OUTPUT=$1.output
      ;;
    text) guide_compare "$GUIDE_OUTPUT" "$1.body" ;;
    yaml | json) [[ -z $file ]] || cp "$1.body" "$WORK/$on/$file" ;;
    *) ;;
  esac
}

# guide_on HOST COMMAND...: in its namespaces, directory and home.
guide_on() {
  local pid=${HOST[$1]:-}
  [[ -n $pid ]] || fail "line $GUIDE_LINE: the page has no host $1"
  # What a login gives, and no more: a page must not live on what the machine of the test happens to have set.
  nsenter --net="/proc/$pid/ns/net" --mount="/proc/$pid/ns/mnt" env -C "$WORK/$1" -i HOME="$WORK/$1" USER=root LANG=C.UTF-8 TERM=dumb PATH="$WORK/bin:$PATH" \
    JAVA_HOME="${JAVA_HOME:-}" FARSLOT_CACHE="$CACHE" FARSLOT_NO_BUILD=1 GUIDE_ARGUMENTS="$WORK/arguments" "${@:2}"
}

# A shell that a reader types into ends a line's failure by a message, and he stops reading: so do we.
guide_run() {
  local status=0
  guide_on "$1" timeout $((GUIDE_SECONDS * PATIENCE)) bash -eu -o pipefail "$3.body" >"$3.output" 2>&1 8>&- </dev/null || status=$?
  sed 's/^/    | /' "$3.output" >&2
  ((status == $2)) || guide_differs "line $GUIDE_LINE: status $status instead of $2"
}

# One command, which takes the place of its shell: so that it is the one that is told to stop.
guide_terminal() {
  guide_on "$1" setpriv --pdeathsig KILL bash -eu -c "exec $(<"$3.body")" >"$3.output" 2>&1 8>&- </dev/null &
  local pid=$!
  GUIDE_TERMINALS=("$pid" ${GUIDE_TERMINALS[@]+"${GUIDE_TERMINALS[@]}"})
  SPAWNED+=("$pid")
  wait_until 60 "the terminal to say '$2'" guide_said_or_gone "$3.output" "$2" "$pid" || true
  sed 's/^/    | /' "$3.output" >&2
  file_has "$3.output" "$2" || fail "line $GUIDE_LINE: it never said '$2'"
}
# To the line's end: it is compared with what the page shows.
guide_said_or_gone() { { file_has "$1" "$2" && [[ -z $(tail -c 1 "$1") ]]; } || ! kill -0 "$3" 2>/dev/null; }

# A guest of the lab's with the page's devices and monitors.
guide_guest() {
  local arguments=()
  guide_on "$2" bash -eu "$3.body" >"$3.output" 2>&1 || { cat "$3.output" >&2; fail "line $GUIDE_LINE: not QEMU's command line"; }
  mapfile -d '' arguments <"$WORK/arguments"
  ! alive "guest-$1" || of "$1" guest_killed
  GUIDE_STEPS[$1]=0
  guest_named "$1" --no-function --quiet --reboot-allowed --time-limit 600 --host "${HOST[$2]}" -- "${arguments[@]}" <<'GUEST'
# What udev would do when a card comes.
for m in ixgbevf virtio_pci virtio_blk 8250_exar; do modprobe "$m" 2>/dev/null || true; done
n=0
mark "ready"
while read -r line </dev/ttyS1; do
  [ "$line" != "@end" ] || exit 0
  n=$((n + 1)) status=0
  echo "@@begin $n"
  ( eval "$line" ) 2>&1 || status=$?
  echo "@@end $n $status"
done
GUEST
  of "$1" await ready
}

guide_in() {
  local line n
  : >"$2.output"
  while IFS= read -r line <&3; do
    n=$((GUIDE_STEPS[$1] + 1))
    GUIDE_STEPS[$1]=$n
    of "$1" tell "$line"
    wait_until "$GUIDE_SECONDS" "guest $1 to do: $line" of "$1" guide_did "$n" || fail "line $GUIDE_LINE: no answer from guest $1"
    of "$1" said "/^@@begin $n\$/,/^@@end $n /{/^@@/!p}" >>"$2.output"
    [[ $(of "$1" said "s/^@@end $n //p") == 0 ]] || { sed 's/^/    | /' "$2.output" >&2; fail "line $GUIDE_LINE: in guest $1, not done: $line"; }
  done 3< <(grep -vE '^(#|$)' "$2.body")
  sed 's/^/    | /' "$2.output" >&2
}
guide_did() { file_has "$GUEST_LOG" "^@@end $1 " || ! alive_guest; }

# guide_compare OUTPUT EXPECTED: each expected line is found, in this order.
guide_compare() {
  local wanted line found
  exec 4< <(tr -s ' \t\r' ' ' <"$1")
  while IFS= read -r wanted <&3; do
    wanted=${wanted//\\/\\\\} wanted=${wanted//\*/\\*} wanted=${wanted//\?/\\?} wanted=${wanted//\[/\\[}
    wanted=${wanted//.../\*} wanted=${wanted%"${wanted##*[! ]}"} wanted=${wanted//…/\*}
    found=no
    while IFS= read -r line <&4; do
      # shellcheck disable=SC2053  # a pattern
      if [[ ${line% } == $wanted ]]; then found=yes; break; fi
    done
    [[ $found == yes ]] || guide_differs "line $GUIDE_LINE: its output has no line '$wanted' where the page shows one"
  done 3< <(tr -s ' \t' ' ' <"$2" | grep -v '^ *$')
  exec 4<&-
}

# While a page is being written, GUIDE_GO_ON=1 shows all that is wrong with it at once.
guide_differs() { if [[ -n ${GUIDE_GO_ON:-} ]]; then note "  ${RED}$1${PLAIN}"; else fail "$1"; fi; }

guide_end() {
  local name pid
  for name in "${!GUIDE_STEPS[@]}"; do
    alive "guest-$name" || continue
    of "$name" tell "@end"
    of "$name" guest_end
  done
  for pid in ${GUIDE_TERMINALS[@]+"${GUIDE_TERMINALS[@]}"}; do
    ! kill -0 "$pid" 2>/dev/null || terminate "$pid" 10
  done
}
