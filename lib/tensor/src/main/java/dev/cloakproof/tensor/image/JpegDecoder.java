package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes a JPEG to 8-bit RGB. The JDK's libjpeg gives the components, upsampled; what they mean as colours is worked out
 * here, in libjpeg's integers, as the JDK's own guess differs from Pillow's.
 */
final class JpegDecoder {
    private JpegDecoder() {}

    static Picture decode(JpegFile jpeg) {
        byte[] components = components(jpeg);
        int pixels = jpeg.width() * jpeg.height();
        byte[] rgb = Picture.samples(jpeg.width(), jpeg.height());
        switch (jpeg.colours()) {
            case GREY -> {
                for (int i = 0; i < pixels; i++) {
                    Arrays.fill(rgb, i * CHANNELS, i * CHANNELS + CHANNELS, components[i]);
                }
            }
            case RGB -> System.arraycopy(components, 0, rgb, 0, rgb.length);
            case YCC -> {
                for (int i = 0; i < rgb.length; i += CHANNELS) {
                    JpegColours.yccToRgb(components, i, rgb, i);
                }
            }
            case CMYK, YCCK -> {
                for (int i = 0; i < pixels; i++) {
                    JpegColours.cmykToRgb(components, i * 4, rgb, i * CHANNELS);
                }
            }
        }
        return Picture.adopt(jpeg.width(), jpeg.height(), rgb);
    }

    /** (row, column, component); of YCCK libjpeg itself makes CMYK. */
    private static byte[] components(JpegFile jpeg) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg.bare()))) {
            reader.setInput(stream, true, true);
            Raster raster = reader.readRaster(0, null);
            return ((DataBufferByte) raster.getDataBuffer()).getData();
        } catch (IOException | RuntimeException e) {
            throw new PictureException(Reason.MALFORMED, "a JPEG that cannot be decoded: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }
}
