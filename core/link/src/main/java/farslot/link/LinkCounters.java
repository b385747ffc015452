package farslot.link;

import farslot.pcie.TlpError;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an end has counted: in a session, or outside of sessions and in those that are over. Plain
 * longs, written by the owner; another thread may read them, perhaps a moment old.
 */
public final class LinkCounters {
  long framesSent;
  long bytesSent;
  long framesReceived;
  long bytesReceived;
  long framesReplayed;
  long framesReplayedInVain;
  long framesReordered;
  long acksSent;
  long naksSent;
  long tlpsSent;
  long tlpsReceived;
  long pushesSent;
  long pushesReceived;
  long pushesRefused;
  long pushBytesSent;
  long pushBytesReceived;
  long revokesSent;
  long revokesReceived;
  long eventsSent;
  long eventsReceived;
  long railsLost;
  long sessionsRefused;
  long claimsWithoutCredit;
  long claimsWithoutBuffer;
  long claimsShaped;
  long droppedFramesDuplicate;
  long droppedFramesAfterGap;
  long droppedFramesBeyondWindow;
  long droppedFramesOfOtherSession;
  long droppedFramesUnexpected;
  long droppedRecordsUnknownStream;
  long droppedRecordsStaleEpoch;
  long droppedRecordsDetached;
  long droppedRecordsSkippable;
  long droppedRecordsWrongDirection;
  long droppedCreditsInsane;
  long droppedTlpsBrokenFragments;
  long droppedTlpsPayloadTooLong;
  long droppedPushesMalformed;
  long droppedPushesStale;
  long creditOverruns;
  long functionFailures;
  final long[] malformedFrames = new long[FrameError.values().length];
  final long[] droppedTlpsMalformed = new long[TlpError.values().length];

  /** Frames that were not as they must be, by what was wrong. */
  public long malformedFrames(FrameError error) {
    return malformedFrames[error.ordinal()];
  }

  /** TLPs that were not delivered, by what was wrong. */
  public long droppedTlpsMalformed(TlpError error) {
    return droppedTlpsMalformed[error.ordinal()];
  }

  /** All of them by name, in a fixed order: {@code malformed_tlps.ecrc} and the like. */
  public Map<String, Long> snapshot() {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("frames_sent", framesSent);
    all.put("bytes_sent", bytesSent);
    all.put("frames_received", framesReceived);
    all.put("bytes_received", bytesReceived);
    all.put("frames_replayed", framesReplayed);
    all.put("frames_replayed_in_vain", framesReplayedInVain);
    all.put("frames_reordered", framesReordered);
    all.put("acks_sent", acksSent);
    all.put("naks_sent", naksSent);
    all.put("tlps_sent", tlpsSent);
    all.put("tlps_received", tlpsReceived);
    all.put("pushes_sent", pushesSent);
    all.put("pushes_received", pushesReceived);
    all.put("pushes_refused", pushesRefused);
    all.put("push_bytes_sent", pushBytesSent);
    all.put("push_bytes_received", pushBytesReceived);
    all.put("revokes_sent", revokesSent);
    all.put("revokes_received", revokesReceived);
    all.put("events_sent", eventsSent);
    all.put("events_received", eventsReceived);
    all.put("rails_lost", railsLost);
    all.put("sessions_refused", sessionsRefused);
    all.put("claims_without_credit", claimsWithoutCredit);
    all.put("claims_without_buffer", claimsWithoutBuffer);
    all.put("claims_shaped", claimsShaped);
    all.put("dropped_frames.duplicate", droppedFramesDuplicate);
    all.put("dropped_frames.after_gap", droppedFramesAfterGap);
    all.put("dropped_frames.beyond_window", droppedFramesBeyondWindow);
    all.put("dropped_frames.other_session", droppedFramesOfOtherSession);
    all.put("dropped_frames.unexpected", droppedFramesUnexpected);
    all.put("dropped_records.unknown_stream", droppedRecordsUnknownStream);
    all.put("dropped_records.stale_epoch", droppedRecordsStaleEpoch);
    all.put("dropped_records.detached", droppedRecordsDetached);
    all.put("dropped_records.skippable", droppedRecordsSkippable);
    all.put("dropped_records.wrong_direction", droppedRecordsWrongDirection);
    all.put("dropped_credits.insane", droppedCreditsInsane);
    all.put("dropped_tlps.broken_fragments", droppedTlpsBrokenFragments);
    all.put("dropped_tlps.payload_too_long", droppedTlpsPayloadTooLong);
    all.put("dropped_pushes.malformed", droppedPushesMalformed);
    all.put("dropped_pushes.stale", droppedPushesStale);
    all.put("credit_overruns", creditOverruns);
    all.put("function_failures", functionFailures);
    for (FrameError error : FrameError.values()) {
      all.put("malformed_frames." + lower(error), malformedFrames[error.ordinal()]);
    }
    for (TlpError error : TlpError.values()) {
      all.put("dropped_tlps.malformed." + lower(error), droppedTlpsMalformed[error.ordinal()]);
    }
    return all;
  }

  /** Takes over what a session has counted that is over. */
  public void add(LinkCounters other) {
    framesSent += other.framesSent;
    bytesSent += other.bytesSent;
    framesReceived += other.framesReceived;
    bytesReceived += other.bytesReceived;
    framesReplayed += other.framesReplayed;
    framesReplayedInVain += other.framesReplayedInVain;
    framesReordered += other.framesReordered;
    acksSent += other.acksSent;
    naksSent += other.naksSent;
    tlpsSent += other.tlpsSent;
    tlpsReceived += other.tlpsReceived;
    pushesSent += other.pushesSent;
    pushesReceived += other.pushesReceived;
    pushesRefused += other.pushesRefused;
    pushBytesSent += other.pushBytesSent;
    pushBytesReceived += other.pushBytesReceived;
    revokesSent += other.revokesSent;
    revokesReceived += other.revokesReceived;
    eventsSent += other.eventsSent;
    eventsReceived += other.eventsReceived;
    railsLost += other.railsLost;
    sessionsRefused += other.sessionsRefused;
    claimsWithoutCredit += other.claimsWithoutCredit;
    claimsWithoutBuffer += other.claimsWithoutBuffer;
    claimsShaped += other.claimsShaped;
    droppedFramesDuplicate += other.droppedFramesDuplicate;
    droppedFramesAfterGap += other.droppedFramesAfterGap;
    droppedFramesBeyondWindow += other.droppedFramesBeyondWindow;
    droppedFramesOfOtherSession += other.droppedFramesOfOtherSession;
    droppedFramesUnexpected += other.droppedFramesUnexpected;
    droppedRecordsUnknownStream += other.droppedRecordsUnknownStream;
    droppedRecordsStaleEpoch += other.droppedRecordsStaleEpoch;
    droppedRecordsDetached += other.droppedRecordsDetached;
    droppedRecordsSkippable += other.droppedRecordsSkippable;
    droppedRecordsWrongDirection += other.droppedRecordsWrongDirection;
    droppedCreditsInsane += other.droppedCreditsInsane;
    droppedTlpsBrokenFragments += other.droppedTlpsBrokenFragments;
    droppedTlpsPayloadTooLong += other.droppedTlpsPayloadTooLong;
    droppedPushesMalformed += other.droppedPushesMalformed;
    droppedPushesStale += other.droppedPushesStale;
    creditOverruns += other.creditOverruns;
    functionFailures += other.functionFailures;
    for (int i = 0; i < malformedFrames.length; i++) {
      malformedFrames[i] += other.malformedFrames[i];
    }
    for (int i = 0; i < droppedTlpsMalformed.length; i++) {
      droppedTlpsMalformed[i] += other.droppedTlpsMalformed[i];
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }
}
