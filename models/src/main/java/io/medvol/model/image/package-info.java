/** From a picture to the rows of pixels that a vision tower reads. */
package io.medvol.model.image;
