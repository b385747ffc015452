#!/bin/bash
# Runs one scenario (see lab/run) and says how it went.

# shellcheck source=lab/lib/common.sh
. "$(dirname "$(readlink -f "$0")")/common.sh"
# shellcheck source=lab/lib/scenario.sh
. "$LAB/lib/scenario.sh"
# shellcheck source=lab/lib/evidence.sh
. "$LAB/lib/evidence.sh"

SCENARIO=$1 KEEP=$2 COST=$3
# Short, because a unix socket's path ends at 107 characters.
WORK=$(mktemp -d "/tmp/farslot-$SCENARIO.XXXX")
LINE=''

# Seconds of processor time that the scenario's processes took: what it costs a machine, however busy that is with other things.
processor_time() {
  # Not by a pipe: there it would be another shell that tells its own.
  times >"$1"
  awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, part, /[ms]/); sum += part[1] * 60 + part[2] } printf "%.0f\n", sum }' "$1"
}

conclude() {
  local status=$1 role
  trap - EXIT ERR
  set +e
  if ((status != 0 && status != 77)); then
    for role in $(roles appliance) $(roles initiator); do show_log "$role"; done
  fi
  tear_down
  if ((status == 0)); then
    reference || write_evidence
    say "$SCENARIO: ${GREEN}passed${PLAIN}"
  else
    if [[ -e $WORK/verdict ]]; then cat "$WORK/verdict"; else say "$SCENARIO: failed: status $status${LINE:+ at line $LINE}"; fi
  fi
  processor_time "$WORK/times" >"$COST"
  if ((status == 0 || status == 77)) && [[ $KEEP == no ]]; then rm -rf "$WORK"; else note "  logs are in $WORK"; fi
  exit "$status"
}
trap 'conclude $?' EXIT
trap 'LINE="${BASH_LINENO[0]}: $BASH_COMMAND"' ERR
trap 'exit 130' INT
trap 'exit 143' TERM
set -E

# shellcheck source=/dev/null
. "$LAB/scenarios/$SCENARIO.sh"
