package io.medvol.reward.metric;

import java.io.Serializable;

/**
 * A mean and an interval for it.
 *
 * @param mean of the values themselves
 * @param low lower end; NaN where there is no interval
 * @param high upper end; NaN where there is no interval
 */
public record ConfidenceInterval(double mean, double low, double high) implements Serializable {}
