package dev.cloakproof.pretraining.perception;

import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import dev.cloakproof.tensor.image.Resize;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.Point;
import java.util.ArrayList;
import java.util.List;

/** A picture and the faces that a person would see in it: none, one or several, ruined ones not counted. */
record Scene(Picture picture, List<Face> faces) {

    /** @param portraits how many of the album's portraits are shown */
    static Scene of(Album album, int portraits, int artworks, Draws draws) {
        double kind = draws.between(0, 1);
        if (kind < 0.3) {
            return portrait(album.portrait(draws.below(portraits)), draws);
        }
        if (kind < 0.65) {
            List<Album.Portrait> shown = new ArrayList<>();
            int count = draws.chance(0.7) ? 1 : 2 + draws.below(3);
            for (int i = 0; i < count; i++) {
                shown.add(album.portrait(draws.below(portraits)));
            }
            return pasted(backdrop(album, portraits, artworks, draws), shown, draws);
        }
        if (kind < 0.8) {
            return new Scene(backdrop(album, portraits, artworks, draws), List.of());
        }
        Picture ruined = Ruin.any(album.portrait(draws.below(portraits)).picture(), draws);
        return new Scene(draws.chance(0.3) ? Wear.coloured(ruined, draws) : ruined, List.of());
    }

    private static Scene portrait(Album.Portrait portrait, Draws draws) {
        Face face = RecognitionEvidence.face(portrait);
        Picture picture = portrait.picture();
        if (draws.chance(0.5)) {
            picture = Wear.mirrored(picture);
            face = mirrored(face, picture.width());
        }
        return new Scene(worn(picture, draws), List.of(face));
    }

    private static Picture worn(Picture picture, Draws draws) {
        Picture worn = draws.chance(0.4) ? Wear.worse(picture, 0.6, draws) : picture;
        worn = draws.chance(0.5) ? Wear.coloured(worn, draws) : worn;
        return draws.chance(0.15) ? Wear.covered(worn, 0.25, draws) : worn;
    }

    /** Portraits made smaller or larger, side by side. */
    private static Scene pasted(Picture backdrop, List<Album.Portrait> portraits, Draws draws) {
        int side = backdrop.width();
        byte[] canvas = backdrop.rgb();
        List<Face> faces = new ArrayList<>();
        for (Album.Portrait portrait : portraits) {
            double factor = portraits.size() == 1 ? draws.between(0.3, 1.25) : draws.between(0.3, 0.5);
            int size = (int) Math.round(side * factor);
            Face face = RecognitionEvidence.face(portrait).scaled((double) size / side);
            // The box lies within, whatever else is cut off.
            int left = place(face.left(), face.right(), side, draws);
            int top = place(face.top(), face.bottom(), side, draws);
            Face placed = moved(face, left, top);
            if (faces.stream().allMatch(other -> apart(other, left, top, size, placed))) {
                paste(canvas, side, Resize.to(portrait.picture(), size, size, Resampling.BILINEAR), left, top);
                faces.add(placed);
            }
        }
        return new Scene(worn(Picture.of(side, side, canvas), draws), faces);
    }

    private static int place(double from, double to, int side, Draws draws) {
        double least = -from;
        double most = side - to;
        return (int) Math.round(least < most ? draws.between(least, most) : (least + most) / 2);
    }

    /** Whether the picture of a new face leaves an older face uncovered. */
    private static boolean apart(Face older, int left, int top, int size, Face newer) {
        boolean covered =
                older.left() < left + size && older.right() > left && older.top() < top + size && older.bottom() > top;
        return !covered && newer.width() > 0;
    }

    private static void paste(byte[] canvas, int side, Picture picture, int left, int top) {
        byte[] rgb = picture.rgb();
        for (int y = Math.max(0, top); y < Math.min(side, top + picture.height()); y++) {
            int from = Math.max(0, left);
            int to = Math.min(side, left + picture.width());
            if (from < to) {
                System.arraycopy(
                        rgb,
                        ((y - top) * picture.width() + from - left) * 3,
                        canvas,
                        (y * side + from) * 3,
                        (to - from) * 3);
            }
        }
    }

    /** A picture without a face: an artwork, the edge of a portrait enlarged, clouds. */
    private static Picture backdrop(Album album, int portraits, int artworks, Draws draws) {
        double kind = draws.between(0, 1);
        Picture art = album.picture(Album.Kind.ARTWORK, draws.below(artworks));
        if (kind < 0.6) {
            return draws.chance(0.3) ? Wear.worse(art, 0.6, draws) : art;
        }
        if (kind < 0.9) {
            Album.Portrait portrait = album.portrait(draws.below(portraits));
            int side = portrait.picture().width();
            int width = (int) Math.max(portrait.box()[0], side - portrait.box()[2]) - 2;
            if (width >= side / 10) {
                boolean atLeft = portrait.box()[0] > side - portrait.box()[2];
                Picture strip = portrait.picture().crop(atLeft ? 0 : side - width, 0, width, side);
                int top = draws.below(side - width + 1);
                return Resize.to(strip.crop(0, top, width, width), side, side, Resampling.BICUBIC);
            }
        }
        return Ruin.CLOUDS.of(art, draws);
    }

    private static Face mirrored(Face face, int width) {
        List<Point> p = face.landmarks();
        List<Point> turned = List.of(p.get(1), p.get(0), p.get(2), p.get(4), p.get(3)).stream()
                .map(point -> new Point(width - point.x(), point.y()))
                .toList();
        return new Face(width - face.right(), face.top(), width - face.left(), face.bottom(), face.score(), turned);
    }

    private static Face moved(Face face, double dx, double dy) {
        return new Face(
                face.left() + dx,
                face.top() + dy,
                face.right() + dx,
                face.bottom() + dy,
                face.score(),
                face.landmarks().stream()
                        .map(p -> new Point(p.x() + dx, p.y() + dy))
                        .toList());
    }
}
