package farslot.sim;

import farslot.link.LinkEvent;

/**
 * Hears what the link's ends say happens to sessions, and holds each end of one against what the
 * network did: who lets a session go must have had a reason.
 */
final class SessionWatch {
  static final String SHUTDOWN = "simulated shutdown";

  /** Where a pair of nodes stands. */
  interface Network {
    /** Since when nothing was wrong between an initiator and an appliance, their names given. */
    long wellSinceNs(String oneNode, String otherNode);

    /** Whether the process at the other end of a session still has it. */
    boolean peerHas(Node node, farslot.link.LinkSession session);
  }

  private final World world;
  private final Network network;
  private final long resumeNs;

  /**
   * @param resumeNs within what time two ends find each other again once the network is well
   */
  SessionWatch(World world, Network network, long resumeNs) {
    this.world = world;
    this.network = network;
    this.resumeNs = resumeNs;
  }

  void onEvent(Node node, LinkEvent event) {
    world.trace.say(node.name, event.words());
    switch (event) {
      case LinkEvent.SessionDown down -> sessionDown(node, down);
      case LinkEvent.StreamDown down -> streamDown(node, down);
      default -> {}
    }
  }

  private void sessionDown(Node node, LinkEvent.SessionDown down) {
    String cause = down.cause();
    if (cause.startsWith("no rail for")) {
      holdTimeOver(node, down);
    } else {
      // What the peer has lost first was held against it there.
      boolean excused =
          cause.contains(SHUTDOWN)
              || cause.startsWith("replaced")
              || cause.startsWith("the peer does not resume it")
                  && cause.contains("not known here");
      world.judge.require(excused, Rule.PEERS_AGREE, "%s: %s", node.name, down.words());
      if (cause.startsWith("replaced")) {
        world.judge.require(
            !network.peerHas(node, down.session()),
            Rule.SESSION_RESUMES,
            "%s: a session that the peer still has is %s",
            node.name,
            cause);
      }
    }
  }

  /** The network must not have been well for long enough to find each other again. */
  private void holdTimeOver(Node node, LinkEvent.SessionDown down) {
    String peer = down.session().peer().nodeName();
    long wellNs = world.nowNs() - network.wellSinceNs(node.name, peer);
    world.judge.require(
        wellNs < resumeNs || !network.peerHas(node, down.session()),
        Rule.SESSION_RESUMES,
        "%s: %s, though the network was well for %d ms",
        node.name,
        down.words(),
        wellNs / World.MS);
  }

  private void streamDown(Node node, LinkEvent.StreamDown down) {
    String cause = down.cause();
    world.judge.require(
        !cause.contains("function failed") && !cause.contains("than it has credits for"),
        Rule.PEERS_AGREE,
        "%s: %s",
        node.name,
        down.words());
  }
}
