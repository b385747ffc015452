# the same drive by each kind of interrupt: MSI-X, MSI (MSI-X hidden), and INTx, whose level must fall before it rises again
# compatibility
for kind in MSI-X MSI INTx; do
  rm -f "$WORK"/disk.img
  one_drive 64MiB
  boot=()
  case $kind in
    MSI)
      reference && continue # QEMU's own drive has no MSI.
      initiator_config initiator run <<'YAML'
  - name: disk0
    msix: false
YAML
      ;;
    INTx) boot=(--append pci=nomsi) ;;
  esac
  start appliance
  start initiator
  guest --set kind="$kind" ${boot[@]+"${boot[@]}"} <<'GUEST'
drive
ok "written by $kind" dd if=/dev/urandom of=/dev/nvme0n1 bs=64k count=32 oflag=direct
ok "read by $kind" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=32 iflag=direct
bdf=$(nvme_bdf)
# lspci's word is the card's own: which of the two capabilities is enabled.
used=$(lspci -vv -s "$bdf" | awk '/MSI-X: Enable\+/ { print "MSI-X"; f = 1 } /MSI: Enable\+/ { print "MSI"; f = 1 } END { if (!f) print "INTx" }')
[ "$used" = "$kind" ] || { grep nvme /proc/interrupts; fail "the driver uses $used"; }
count=$(awk '/nvme/ { for (i = 2; i <= 3; i++) sum += $i } END { print sum }' /proc/interrupts)
echo "  ok  $count interrupts"
# A level that does not fall is an interrupt that is taken again and again.
[ "$count" -lt 5000 ] || fail "$count interrupts for some hundred commands"
no_kernel_complaint
GUEST
  reference || still_serving appliance initiator
  stop initiator
  stop appliance
done
