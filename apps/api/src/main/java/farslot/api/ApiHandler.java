package farslot.api;

/** Answers requests. On any thread, several at a time; may wait. */
public interface ApiHandler {
  /**
   * @throws ApiException when it is not done
   * @throws InterruptedException when who asked has gone
   */
  ApiResponse handle(ApiRequest request) throws ApiException, InterruptedException;
}
