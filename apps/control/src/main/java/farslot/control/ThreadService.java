package farslot.control;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers {@code threads}: what each platform thread is doing, for a support bundle. Virtual
 * threads are not among them; the one of the data plane is.
 */
final class ThreadService implements ControlCommand {
  @Override
  public void run(CardConfig arguments, ControlReply reply)
      throws CardConfigException, IOException, InterruptedException {
    arguments.finish();
    List<Object> threads = new ArrayList<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              Map<String, Object> told = new LinkedHashMap<>();
              told.put("name", thread.getName());
              told.put("state", thread.getState().name());
              told.put("frames", Arrays.stream(frames).map(StackTraceElement::toString).toList());
              threads.add(told);
            });
    reply.accept(Map.of("threads", threads));
  }
}
