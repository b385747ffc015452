package farslot.manager.access;

import farslot.api.ApiException;
import farslot.api.ApiResponse;
import java.util.Optional;

/**
 * The record of the change that this thread is asked for just now. It is written with the first
 * thing that is changed, as {@link AuditRecord#BEGUN}, and again when it is known what came of it.
 * Used by the thread that answers.
 */
final class AuditEntry {
  /** What is done within a request. */
  interface Answering {
    ApiResponse answer() throws ApiException, InterruptedException;
  }

  private static final ScopedValue<AuditEntry> CURRENT = ScopedValue.newInstance();

  private final AuditRecord asked;
  private long number;
  private long revision;

  /**
   * @param asked without number, revision and outcome
   */
  AuditEntry(AuditRecord asked) {
    this.asked = asked;
  }

  /** Empty where nobody asks: the manager's own steps, and what agents report. */
  static Optional<AuditEntry> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Lets all that is changed meanwhile be on the account of this entry. */
  ApiResponse during(Answering answering) throws ApiException, InterruptedException {
    try {
      return ScopedValue.where(CURRENT, this).call(answering::answer);
    } catch (ApiException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("an answer throws what it does not declare", e);
    }
  }

  /** Whether it is in the log already. */
  boolean isWritten() {
    return number != 0;
  }

  /** As it stands in the log until it is known what came of it. */
  AuditRecord begun(long as) {
    return asked.ended(AuditRecord.BEGUN, "", ApiResponse.ACCEPTED_STATUS).numbered(as);
  }

  /** It is, or may be, in the log under this number. */
  void written(long as) {
    number = as;
  }

  /** Something was changed for it. */
  void changed(long atRevision) {
    revision = atRevision;
  }

  /**
   * With what came of it.
   *
   * @param revisionNow the store's, if nothing was changed
   */
  AuditRecord ended(String outcome, String why, int status, long revisionNow) {
    return asked
        .ended(outcome, why, status)
        .numbered(number)
        .at(revision == 0 ? revisionNow : revision);
  }
}
