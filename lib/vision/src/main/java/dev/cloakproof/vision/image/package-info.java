/** The resizing, warping and filtering of OpenCV, on which the published face pipelines run. */
package dev.cloakproof.vision.image;
