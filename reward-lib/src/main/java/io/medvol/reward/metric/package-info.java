/** Measures of masks, boxes and confidences, with intervals. */
package io.medvol.reward.metric;
