/** What a run tells while it trains: one line of metrics and one table of trajectories a step. */
package io.medvol.grpo.metrics;
