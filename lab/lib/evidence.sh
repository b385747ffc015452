# What a scenario has seen work: a line for each card and driver, once it has passed. lab/compatibility makes a table of them.
# shellcheck shell=bash

# What a card is called that its ids do not tell, and the firmware that its guests have started with: a scenario may say.
CARD=''
FIRMWARE=SeaBIOS

# seen CARD DRIVER [KERNEL]: for what no Linux driver tells of, such as a firmware's own.
seen() { say "$1"$'\t'"$2"$'\t'"${3:--}" >>"$WORK/seen"; }

write_evidence() {
  local card driver kernel
  seen_by_guests
  [[ -s $WORK/seen ]] || return 0
  mkdir -p "$(dirname "$EVIDENCE")"
  sort -u "$WORK/seen" | while IFS=$'\t' read -r card driver kernel; do
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(date -u +%F)" "$SCENARIO" "$card" "$driver" "$kernel" "$(hypervisor)" "$FIRMWARE"
  done >>"$EVIDENCE"
}

# From what the guests' init prints at its end.
seen_by_guests() {
  local log kernel id driver
  for log in "$WORK"/*.log; do
    file_has "$log" '^@@guest-up: ' || continue
    kernel=$(sed -n 's/^@@guest-up: Linux \([0-9.]*[0-9]\).*/\1/p' "$log" | tail -n 1)
    sed -n 's/^@@driver: \([^ ]*\) \([^ \r]*\).*/\1 \2/p' "$log" | sort -u | while read -r id driver; do
      seen "${CARD:-$(card_of "$id")}" "$driver" "$kernel"
    done
  done
}

# Which card of ours has these ids.
card_of() { awk -v id="$1" '$1 == id { print $2; found = 1 } END { if (!found) print id }' "$LAB/cards"; }

hypervisor() { "$CACHE/qemu/bin/qemu-system-x86_64" --version | awk 'NR == 1 { print "QEMU " $4 }'; }
