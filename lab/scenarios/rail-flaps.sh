# fio --verify over four rails, TCP and Ethernet, that die and return at random: pulled, or cut without anybody being told
needs_farslot
two_hosts 4
rails tcp eth tcp eth
one_drive 256MiB
start appliance
start initiator
# FARSLOT_SEED replays a run's order of events, as far as the machine's own timing lets it.
SEED=${FARSLOT_SEED:-$((SRANDOM % 100000))}
RANDOM=$SEED
note "  seed $SEED"
busy_guest
flaps=0 deadline=$((SECONDS + 12))
declare -a dead=('' '' '' '')
while ((SECONDS < deadline)); do
  rail=$((RANDOM % 4))
  case ${dead[rail]} in
    '') if ((RANDOM % 2)); then net_cut $rail; dead[rail]=cut; else net_unplug $rail; dead[rail]=unplugged; fi ;;
    cut) net_mend $rail; dead[rail]='' ;;
    unplugged) net_plug $rail; dead[rail]='' ;;
  esac
  flaps=$((flaps + 1))
  # Now and then two at once.
  ((RANDOM % 4 == 0)) || sleep "0.$(printf %03d $((50 + RANDOM % 500)))"
done
for rail in 0 1 2 3; do net_mend $rail; net_plug $rail; done
ok "$flaps times a rail died or returned"
calm_again
