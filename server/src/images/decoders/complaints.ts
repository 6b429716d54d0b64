/**
 * The one rule about what libjpeg complains of: these leave the picture as it was taken, and every viewer passes
 * them by. Whatever else it says means that pixels are missing or wrong. Source: libjpeg, jerror.h.
 */
const harmless = [
  // Before a restart marker, bytes too many are pixels too few.
  /extraneous bytes before marker 0x(?!d[0-7])/,
  /Unknown Adobe color transform code/,
  /unknown JFIF revision/,
  /bad ICC marker/,
  /Invalid SOS parameters for sequential JPEG/,
  /Invalid embedded profile/,
  /^read gave \d+ warnings$/,
]
/** libvips keeps no more of what it heard, so that worse may have been said. */
const keptBytes = 8000

/** The complaints that mean damage. */
export function damageIn(complaints: string[]): string[] {
  const lines = complaints.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '')
  const serious = lines.filter((line) => !harmless.some((pattern) => pattern.test(line)))
  return complaints.some((text) => text.length > keptBytes) ? ['too many complaints', ...serious] : serious // prettier-ignore
}
