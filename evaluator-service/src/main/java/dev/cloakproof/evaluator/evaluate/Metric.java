package dev.cloakproof.evaluator.evaluate;

/** What can be said of a picture in one number, with its range and which end is better. */
public enum Metric {
    IMS_IP("ims_ip", "likeness to the references by ArcFace", -1, 1, Direction.HIGHER),
    IMS_VGG("ims_vgg", "likeness to the references by VGG-Face", -1, 1, Direction.HIGHER),
    /** 0.7 {@link #IMS_IP} + 0.3 {@link #IMS_VGG}. */
    IMS("ims", "identity matching similarity", -1, 1, Direction.HIGHER),
    LIQE("liqe", "quality by LIQE", 1, 5, Direction.HIGHER),
    CLIP_IQAC("clip_iqac", "quality by CLIP with the class noun", -1, 1, Direction.HIGHER),
    /** The mean of {@link #LIQE}, brought to -1 to 1, and {@link #CLIP_IQAC}. */
    Q("q", "graphical quality", -1, 1, Direction.HIGHER),
    /** LIQE alone, brought to -1 to 1: what the column Q of the paper's Table 5 holds, in all of its rows. */
    Q_LIQE("q_liqe", "graphical quality by LIQE alone", -1, 1, Direction.HIGHER),
    /** The mean of {@link #IMS} and {@link #Q}. */
    AVERAGE("average", "mean of identity and quality", -1, 1, Direction.HIGHER),
    LPIPS_ALEX("lpips_alex", "perceptual distance by AlexNet", 0, Double.MAX_VALUE, Direction.LOWER),
    LPIPS_VGG("lpips_vgg", "perceptual distance by VGG-16", 0, Double.MAX_VALUE, Direction.LOWER),
    SSIM("ssim", "structural similarity", -1, 1, Direction.HIGHER),
    MS_SSIM("ms_ssim", "structural similarity over five scales", 0, 1, Direction.HIGHER),
    PSNR("psnr", "peak signal-to-noise ratio in dB, at most 80", -1e-6, 80, Direction.HIGHER);

    /** Which end of a scale is better. */
    public enum Direction {
        HIGHER,
        LOWER
    }

    /** How far float32 may carry a value over its end, such as an SSIM of 1.0000001. */
    private static final double SLACK = 1e-4;

    private final String id;
    private final String meaning;
    private final double least;
    private final double most;
    private final Direction better;

    Metric(String id, String meaning, double least, double most, Direction better) {
        this.id = id;
        this.meaning = meaning;
        this.least = least;
        this.most = most;
        this.better = better;
    }

    /** As tables and files name it. */
    public String id() {
        return id;
    }

    public String meaning() {
        return meaning;
    }

    public double least() {
        return least;
    }

    public double most() {
        return most;
    }

    public Direction better() {
        return better;
    }

    /**
     * @return the value, brought into the range where rounding carried it out
     * @throws ScoreException if it is no number or out of range: such a score is never averaged
     */
    public double check(double value) {
        if (!(value >= least - SLACK && value <= most + SLACK)) {
            throw new ScoreException(id + ": expected " + least + " to " + most + ", found " + value);
        }
        return Math.clamp(value, least, most);
    }
}
