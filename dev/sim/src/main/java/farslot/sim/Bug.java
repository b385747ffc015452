package farslot.sim;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Deliberate bugs. The simulator is only worth something if it finds each of them; none touches a
 * line of what is under test.
 */
enum Bug implements Mischief.Maker {
  ACK_OFF_BY_ONE("an acknowledgement names one frame more than has come", FrameBugs::ackOffByOne),
  REPLAY_TOO_LATE("a replay begins one frame too late", FrameBugs::replayTooLate),
  FRAME_LOST("a frame is lost, and those behind it close ranks", FrameBugs::frameLost),
  DUPLICATE_ACCEPTED("a frame that comes twice is delivered twice", FrameBugs::duplicateAccepted),
  STALE_ACCEPTED("a frame of an earlier session is accepted", FrameBugs::staleAccepted),
  CRC_IGNORED("damage goes unnoticed", FrameBugs::crcIgnored),
  CREDIT_LOST("credits that are given back do not arrive", FrameBugs::creditLost),
  CREDIT_TWICE("credits are counted twice", FrameBugs::creditTwice),
  SACK_FREES_ALL("a frame that has come frees all before it", RailBugs::sackFreesAll),
  SACK_OFF_BY_ONE("a range of what has come begins one frame early", RailBugs::sackOffByOne),
  REORDER_OVERWRITTEN("a full place of the reorder buffer is used", RailBugs::reorderOverwritten),
  ORDER_OF_ARRIVAL("frames are delivered as they come", RailBugs::orderOfArrival),
  GAP_NOT_RESENT("a lost frame is not sent again", RailBugs::gapNotResent),
  RESENT_ON_DEAD_RAIL("a lost frame is sent again where it was lost", RailBugs::resentOnDeadRail),
  GONE_RAIL_FORGOTTEN("what a rail took is forgotten with it", RailBugs::goneRailForgotten),
  WINDOW_LEAKS("a lost frame counts as under way for ever", RailBugs::windowLeaks),
  TWICE_AFTER_LOSS("after the loss of a rail a TLP comes twice", RailBugs::twiceAfterLoss),
  RAIL_NOT_TAKEN_BACK("a rail that was lost is not tried again", RailBugs::railNotTakenBack),
  HELLO_BELIEVED("an old HELLO is taken for a peer", RailBugs::helloBelieved),
  POSTED_SWAPPED("two posted writes change places", StreamBugs::postedSwapped),
  MSI_OVERTAKES("an MSI overtakes its data", StreamBugs::msiOvertakes),
  WRONG_TAG("a completion is matched to another request", StreamBugs::wrongTag),
  COMPLETION_LOST("a completion is lost", StreamBugs::completionLost),
  DELIVERED_TWICE("a TLP is delivered twice", StreamBugs::deliveredTwice),
  REVOKE_LOST("what was pushed and taken back is given all the same", StreamBugs::revokeLost),
  PUSH_TWICE("memory that was sent along comes twice", StreamBugs::pushTwice),
  READ_PASSES_WRITE("a read passes a posted write", StreamBugs::readPassesWrite),
  EPOCH_REPEATED("an epoch is granted again", OwnerBugs::epochRepeated),
  EPOCH_FORGOTTEN("epochs do not outlive a crash", OwnerBugs::epochForgotten),
  DETACH_NOT_FENCED("a card goes on for its next owner", OwnerBugs::detachNotFenced),
  RESET_NOT_FENCED("a card goes on after Hot Reset", OwnerBugs::resetNotFenced),
  TWO_OWNERS("a function has two owners at a time", OwnerBugs::twoOwners);

  final String words;
  private final Function<SplittableRandom, Mischief> maker;

  Bug(String words, Function<SplittableRandom, Mischief> maker) {
    this.words = words;
    this.maker = maker;
  }

  @Override
  public Mischief make(long seed) {
    return maker.apply(new SplittableRandom(seed ^ ordinal()));
  }

  /** As the command line has it. */
  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
