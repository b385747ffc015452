package farslot.control;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The data thread as others may use it: short questions, between its turns. */
public final class DataThread {
  private static final long ANSWER_SECONDS_MAX = 5;
  private final Executor executor;

  /**
   * @param executor runs tasks on the data thread
   */
  public DataThread(Executor executor) {
    this.executor = executor;
  }

  /**
   * Has something done there and waits for it.
   *
   * @throws IOException when it does not come to it
   */
  public <T> T ask(Supplier<T> question) throws IOException, InterruptedException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the data thread does not answer", e);
    }
  }

  /** Has something done there, some time. */
  public void tell(Runnable task) {
    executor.execute(task);
  }
}
