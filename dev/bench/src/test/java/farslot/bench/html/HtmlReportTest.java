package farslot.bench.html;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.bench.Samples;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  @Test
  void thePageNeedsNothingElse() throws Exception {
    String page = HtmlReport.of(Samples.report());
    assertThat(page).doesNotContain("http:", "https:", "<script", "@import", "url(", "src=");
    assertThat(page).startsWith("<!doctype html>").endsWith("</html>\n");
  }

  @Test
  void whatIsMetMissedAndAbsentIsToldApart() throws Exception {
    String page = HtmlReport.of(Samples.report());
    assertThat(page).contains("<b class=\"met\">1</b>", "<b class=\"missed\">1</b>");
    assertThat(page).contains("<b class=\"absent\">1</b>", "not measured", "no &lt;root&gt;");
  }

  @Test
  void everyElementThatBeginsEnds() throws Exception {
    String page = HtmlReport.of(Samples.report());
    for (String each : new String[] {"table", "tr", "td", "svg", "figure", "div", "span", "b"}) {
      assertThat(page.split("<" + each + "[ >]", -1))
          .as(each)
          .hasSameSizeAs(page.split("</" + each + ">", -1));
    }
  }

  @Test
  void numbersAreShort() {
    assertThat(Html.number(0.12345)).isEqualTo("0.123");
    assertThat(Html.number(1.2345)).isEqualTo("1.23");
    assertThat(Html.number(12.345)).isEqualTo("12.3");
    assertThat(Html.number(1234567)).isEqualTo("1\u2009234\u2009567");
    assertThat(Html.number(Double.NaN)).isEqualTo("–");
    assertThat(Html.number(0.00001)).isEqualTo("1.0e-05");
  }
}
