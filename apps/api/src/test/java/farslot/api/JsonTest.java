package farslot.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingOrder;
import farslot.api.agent.InitiatorOrders;
import farslot.api.agent.Load;
import farslot.api.agent.Qos;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void reportsAndOrdersComeBackAsTheyWere() throws Exception {
    FunctionReport function =
        new FunctionReport(
            "disk0",
            "nvme",
            "1b36:0010",
            0x010802,
            1 << 30,
            Map.of("serial", "S1"),
            true,
            "",
            3,
            4,
            "server-a",
            "",
            "",
            new Load(1, 2, 3, 4, 5, 6, 7, 8));
    ApplianceReport report =
        new ApplianceReport("rack1", "1", List.of("10.0.0.1:7580"), "0.1.0", "", List.of(function));
    assertThat(Json.readTolerantly(Json.tree(report), ApplianceReport.class)).isEqualTo(report);
    HoldingOrder order =
        new HoldingOrder(
            "rack1/disk0", 3, HoldingOrder.Action.ATTACH, false, "vm1", List.of(), 1, Qos.NONE);
    InitiatorOrders orders = new InitiatorOrders(7, List.of(order), List.of());
    assertThat(Json.text(Json.tree(orders))).contains("\"boot-order\":1", "\"attach\"");
    assertThat(Json.readTolerantly(Json.tree(orders), InitiatorOrders.class)).isEqualTo(orders);
  }

  @Test
  void aLaterVersionMayKnowMore() throws Exception {
    var tree = Json.parse("{\"revision\":1,\"holdings\":[],\"moods\":3}");
    assertThat(Json.readTolerantly(tree, InitiatorOrders.class).revision()).isEqualTo(1);
    assertThatThrownBy(() -> Json.read(tree, InitiatorOrders.class))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("moods");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    for (String text : new String[] {"{", "{\"a\":1,\"a\":2}", "{} {}", "\u0000"}) {
      assertThatThrownBy(() -> Json.parse(text)).as(text).isInstanceOf(ApiException.class);
    }
  }
}
