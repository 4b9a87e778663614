package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Encodes baseline JPEG with the JDK's libjpeg, told to use Pillow's tables and subsampling. */
final class JpegEncoder {
    private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

    private JpegEncoder() {}

    static byte[] encode(Picture picture, int quality, Subsampling subsampling) {
        BufferedImage image = image(picture);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var stream = new MemoryCacheImageOutputStream(file)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), parameters);
            tell(metadata, quality, subsampling);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, metadata), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static void tell(IIOMetadata metadata, int quality, Subsampling subsampling)
            throws IIOInvalidTreeException {
        Element root = (Element) metadata.getAsTree(FORMAT);
        NodeList tables = root.getElementsByTagName("dqtable");
        ((IIOMetadataNode) tables.item(0)).setUserObject(JpegTables.luminance(quality));
        ((IIOMetadataNode) tables.item(1)).setUserObject(JpegTables.chrominance(quality));
        Element luminance = (Element) root.getElementsByTagName("componentSpec").item(0);
        luminance.setAttribute("HsamplingFactor", Integer.toString(subsampling.horizontal()));
        luminance.setAttribute("VsamplingFactor", Integer.toString(subsampling.vertical()));
        metadata.setFromTree(FORMAT, root);
    }

    /** A view of the picture; the writer only reads it. */
    private static BufferedImage image(Picture picture) {
        byte[] rgb = picture.raw();
        ColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(rgb, rgb.length),
                picture.width(),
                picture.height(),
                picture.width() * CHANNELS,
                CHANNELS,
                new int[] {0, 1, 2},
                null);
        return new BufferedImage(colours, raster, false, null);
    }
}
