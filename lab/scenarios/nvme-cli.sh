# nvme-cli: identify, logs, features, format, deallocate, flush, compare, write zeroes, verify, what must be refused
one_drive 64MiB
start appliance
start initiator
guest --set reference="$REFERENCE" <<'GUEST'
drive
d=/dev/nvme0
n=/dev/nvme0n1

nvme id-ctrl $d | grep -E '^(vid|sn|mn|fr|mdts|ver|oacs|oncs|nn|sqes|cqes) '
nvme id-ctrl $d | grep -q 'sn *: FS0001' || fail "id-ctrl shows another serial number"
ok "id-ns" nvme id-ns $n
[ "$(blockdev --getsize64 $n)" = 67108864 ] || fail "the namespace has $(blockdev --getsize64 $n) bytes"
ok "id-ns of all active" nvme list-ns $d
ok "id-ns descriptors" nvme ns-descs $n
ok "smart-log" nvme smart-log $d
ok "error-log" nvme error-log $d
ok "fw-log" nvme fw-log $d
ok "effects log" nvme get-log $d --log-id=5 --log-len=4096
ok "changed-ns-list-log" nvme changed-ns-list-log $d
ok "feature: number of queues" nvme get-feature $d -f 7 -H
ok "feature: temperature threshold" nvme get-feature $d -f 4 -H
ok "feature: temperature threshold, set" nvme set-feature $d -f 4 --value=0x0150
nvme get-feature $d -f 4 | grep -qi '0*150' || fail "the temperature threshold was not kept"
if [ "$reference" = no ]; then
  ok "feature: interrupt coalescing, set" nvme set-feature $d -f 8 --value=0x0103
  nvme get-feature $d -f 8 | grep -qi '0*103' || fail "interrupt coalescing was not kept"
fi
ok "feature: volatile write cache" nvme get-feature $d -f 6

fill /tmp/a 1 a
fill /tmp/b 1 b
ok "write" nvme write $n -s 100 -c 7 -z 4096 -d /tmp/a
ok "read" nvme read $n -s 100 -c 7 -z 4096 -d /tmp/back
ok "what was written is read" cmp -n 4096 /tmp/a /tmp/back
ok "write with FUA" nvme write $n -s 200 -c 7 -z 4096 -d /tmp/a --force-unit-access
ok "compare, equal" nvme compare $n -s 100 -c 7 -z 4096 -d /tmp/a
refused "compare, different" 'compare' nvme compare $n -s 100 -c 7 -z 4096 -d /tmp/b
ok "flush" nvme flush $n
ok "verify" nvme verify $n -s 100 -c 7
ok "write zeroes" nvme write-zeroes $n -s 100 -c 7
ok "zeroes are read" sh -c "nvme read $n -s 100 -c 7 -z 4096 -d /tmp/back && head -c 4096 /dev/zero | cmp -n 4096 - /tmp/back"
ok "deallocate" nvme dsm $n --ad -s 200 -b 8
ok "large write, 128 KiB" nvme write $n -s 1024 -c 255 -z 131072 -d /tmp/b
ok "large read, 128 KiB" nvme read $n -s 1024 -c 255 -z 131072 -d /tmp/back
ok "large read brings what was written" cmp -n 131072 /tmp/b /tmp/back

refused "read past the end" 'LBA|range' nvme read $n -s 131072 -c 0 -z 512 -d /tmp/back
refused "read across the end" 'LBA|range' nvme read $n -s 131068 -c 7 -z 4096 -d /tmp/back
refused "unknown admin opcode" 'opcode' nvme admin-passthru $d --opcode=0x7f
refused "unknown I/O opcode" 'opcode' nvme io-passthru $n --opcode=0x7e --namespace-id=1
refused "unknown log page" 'log|field' nvme get-log $d --log-id=0x5f --log-len=64
refused "unknown feature" 'field|feature' nvme get-feature $d -f 0x5f

ok "format" nvme format $n --lbaf=0 --force
drive $n
ok "after format: zeroes" sh -c "dd if=$n bs=128k skip=4 count=1 2>/dev/null | cmp -n 131072 - /dev/zero"
ok "reset of the controller" nvme reset $d
drive $n
ok "the drive works after the reset" dd if=$n of=/dev/null bs=64k count=16 iflag=direct
no_kernel_complaint
GUEST
still_serving appliance initiator
