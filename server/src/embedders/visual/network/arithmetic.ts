/**
 * How a sum of products becomes the next layer's number, in integers throughout and so the same on every machine:
 *
 *     t = clamp(sum >> shift, -32768, 32767)
 *     y = clamp((t * multiplier + 2^14) >> 15 [+ added], 0, 127)
 *
 * with arithmetic shifts; the sum begins as the channel's bias, which includes half of 2^shift to round half up.
 */
export const clampedShift = 1
/** Projections, which no ReLU6 clamps, sum hundreds of products for one number. */
export const projectShift = 5

/** Largest number that an activation takes: what the relaxed dot product is exact for. */
export const largest = 127
