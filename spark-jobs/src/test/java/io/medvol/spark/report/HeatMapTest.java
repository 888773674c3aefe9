package io.medvol.spark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class HeatMapTest {
  @Test
  void pictureIsXmlWithEveryLabelAndValueAndAScale() throws Exception {
    String svg =
        new HeatMap(
                "Accuracy <1>",
                "trained on",
                "tested on",
                List.of("CT & MRI", "OCT"),
                List.of("CT", "OCT", "X-Ray"),
                new double[][] {{0.5, 1, 0}, {Double.NaN, 0.123, 0.25}})
            .svg();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    NodeList texts = document.getElementsByTagName("text");
    StringBuilder all = new StringBuilder("|");
    for (int i = 0; i < texts.getLength(); i++) {
      all.append(texts.item(i).getTextContent()).append('|');
    }
    assertThat(all.toString())
        .contains("|Accuracy <1>|", "|trained on|", "|tested on|", "|CT & MRI|", "|X-Ray|")
        .contains("|50.0|", "|100.0|", "|0.0|", "|12.3|", "|–|", "|0 %|", "|100 %|");
    assertThat(svg).contains("#081d58").contains("#ffffd9").contains("#dddddd");
  }

  @Test
  void valuesThatDoNotFitTheLabelsAreRefused() {
    assertThatThrownBy(
            () ->
                new HeatMap("t", "r", "c", List.of("a"), List.of("b"), new double[][] {{0.1, 0.2}}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
