package dev.thrum.examples.photos;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailsTest {

    private static BufferedImage fit(BufferedImage image, int limit) {
        Dimension shape = new Dimension(image.getWidth(), image.getHeight());
        return Thumbnails.fit(image, shape, limit, new Scratch()::rgb);
    }

    @ParameterizedTest
    @CsvSource({"3000,2000,160,107", "2000,3000,107,160", "161,1,160,1", "1,3000,1,160", "320,320,160,160", "90,60,90,60"})
    void aPictureFitsAndKeepsItsProportions(int width, int height, int expectedWidth, int expectedHeight) {
        BufferedImage small = fit(new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR), 160);
        assertThat(small.getWidth()).isEqualTo(expectedWidth);
        assertThat(small.getHeight()).isEqualTo(expectedHeight);
    }

    @Test
    void everyPixelCounts() {
        BufferedImage stripes = new BufferedImage(1024, 1024, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 1024; x += 2) {
            for (int y = 0; y < 1024; y++) {
                stripes.setRGB(x, y, 0xffffff);
            }
        }
        BufferedImage small = fit(stripes, 128);
        assertThat(new Color(small.getRGB(64, 64)).getRed()).isBetween(120, 136);
    }

    @Test
    void whatIsTransparentBecomesWhite() {
        BufferedImage clear = new BufferedImage(10, 10, BufferedImage.TYPE_INT_ARGB);
        BufferedImage opaque = fit(clear, 160);
        assertThat(opaque.getColorModel().hasAlpha()).isFalse();
        assertThat(new Color(opaque.getRGB(5, 5))).isEqualTo(Color.WHITE);
    }
}
