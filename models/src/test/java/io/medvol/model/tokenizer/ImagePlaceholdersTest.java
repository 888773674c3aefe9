package io.medvol.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.TokenIds;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImagePlaceholdersTest {
  private static final int PLACEHOLDER = 9;
  private static final List<ImageGrid> GRIDS =
      List.of(new ImageGrid(1, 2, 4), new ImageGrid(1, 2, 6));

  @Test
  void eachPlaceholderIsRepeatedForItsOwnImage() {
    TokenIds ids = ImagePlaceholders.expand(TokenIds.of(1, 9, 2, 9, 3), PLACEHOLDER, GRIDS, 2);
    assertThat(ids).isEqualTo(TokenIds.of(1, 9, 9, 2, 9, 9, 9, 3));
  }

  @Test
  void aTextWithoutImagesStaysAsItIs() {
    assertThat(ImagePlaceholders.expand(TokenIds.of(1, 2), PLACEHOLDER, List.of(), 2))
        .isEqualTo(TokenIds.of(1, 2));
  }

  @Test
  void anotherNumberOfPlaceholdersIsRefused() {
    for (TokenIds ids :
        List.of(
            TokenIds.of(),
            TokenIds.of(1, 9, 2),
            TokenIds.of(9, 9, 9),
            TokenIds.of(9, 9, 1, 2, 9, 3))) {
      assertThatThrownBy(() -> ImagePlaceholders.expand(ids, PLACEHOLDER, GRIDS, 2))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("2 images");
    }
  }
}
