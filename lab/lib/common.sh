# Sourced by every lab script: where things are, how they talk, how they fail.
# shellcheck shell=bash

set -euo pipefail

# Not every service and cron job has one.
[[ -n ${HOME:-} ]] || { unset HOME; export HOME=~; }
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPO=$(dirname "$LAB")
CACHE=${FARSLOT_CACHE:-$HOME/.cache/farslot}
# What scenarios have seen work, for lab/compatibility.
EVIDENCE=${FARSLOT_EVIDENCE:-$REPO/lab/target/evidence.tsv}
export LAB REPO CACHE EVIDENCE

# Administrator's tools (ip, setpci, ...) are not on every login's PATH; what the cache brings along comes last,
# so that the machine's own tools win.
case ":$PATH:" in *:/usr/sbin:*) ;; *) PATH=$PATH:/usr/sbin:/sbin ;; esac
PATH=$PATH:$CACHE/userland/bin:$CACHE/extras/bin

# Colours only for a person at a terminal who did not ask for none (https://no-color.org).
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' CYAN=$'\e[36m' PLAIN=$'\e[0m'
else
  BOLD='' DIM='' RED='' GREEN='' YELLOW='' CYAN='' PLAIN=''
fi
export BOLD DIM RED GREEN YELLOW CYAN PLAIN

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }

# die WHAT WHY NEXT...: an error says what failed, why, and what to do about it.
die() {
  note "${RED}error:${PLAIN} $1"
  [[ -z ${2:-} ]] || note "  why:  $2"
  [[ -z ${3:-} ]] || note "  next: $3"
  exit 1
}

seconds_since() { printf '%d' $((SECONDS - $1)); }

# step WHAT COMMAND...: runs COMMAND with its output in a log, shows that time passes, and shows the log's end when it fails.
step() {
  local what=$1 began=$SECONDS log pid status=0
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/farslot-step.XXXXXX")
  printf '  %-44s ' "$what" >&2
  "$@" >"$log" 2>&1 &
  pid=$!
  local beat=0
  while kill -0 "$pid" 2>/dev/null; do
    pause 0.2
    beat=$((beat + 1))
    # A dot every two seconds: enough to see life, little enough for a log file.
    if ((beat % 10 == 0)); then printf '.' >&2; fi
  done
  wait "$pid" || status=$?
  if ((status == 0)); then
    printf ' %sdone%s in %d s\n' "$GREEN" "$PLAIN" "$((SECONDS - began))" >&2
  else
    printf ' %sfailed%s after %d s\n' "$RED" "$PLAIN" "$((SECONDS - began))" >&2
    sed 's/^/    | /' "$log" | tail -n 30 >&2
  fi
  rm -f "$log"
  return "$status"
}

# pause SECONDS: without another process, of which dozens a second would cost more than what is waited for.
exec {NOTHING}<> <(:)
pause() { read -r -t "$1" -u "$NOTHING" || true; }

# How often each deadline's time the lab waits before it gives something up. On a busy machine all takes longer, and a deadline is there
# for what never comes.
PATIENCE=${FARSLOT_PATIENCE:-1}

# wait_until SECONDS WHAT COMMAND...: polls COMMAND, quickly, until it is true.
wait_until() {
  local limit=$(($1 * PATIENCE)) what=$2 deadline
  shift 2
  deadline=$((SECONDS + limit))
  until "$@"; do
    if ((SECONDS >= deadline)); then
      note "  waited $limit s in vain for: $what"
      return 1
    fi
    pause 0.1
  done
}

file_has() { grep -qaE -- "$2" "$1" 2>/dev/null; }

# take_turn: a place for a guest on this machine, held by descriptor 8 for as long as somebody has it open.
# Emulated processors are hungry: guests take turns, so that time limits keep their meaning.
take_turn() {
  local places=${FARSLOT_GUESTS:-$((($(nproc) + 1) / 2))} place waited=no
  while :; do
    for ((place = 1; place <= places; place++)); do
      exec 8>"$CACHE/guest.$place.lock"
      flock -n 8 && return
      exec 8>&-
    done
    [[ $waited == yes ]] || note "  ${DIM}waiting for another guest on this machine to end${PLAIN}"
    waited=yes
    pause 0.3
  done
}

# terminate PID [SECONDS]: SIGTERM, and SIGKILL for what does not listen. Never an error when it is gone already.
terminate() {
  local pid=$1 limit=$((${2:-10} * PATIENCE))
  kill -TERM "$pid" 2>/dev/null || return 0
  local deadline=$((SECONDS + limit))
  while kill -0 "$pid" 2>/dev/null; do
    if ((SECONDS >= deadline)); then
      note "  process $pid ignored SIGTERM for $limit s: SIGKILL"
      kill -KILL "$pid" 2>/dev/null || true
      break
    fi
    pause 0.05
  done
  wait "$pid" 2>/dev/null || true
}
