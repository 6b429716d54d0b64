/** `1:05`, `2:03:07`: minutes and seconds, and hours when there are any. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const padded = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`
}

/** `1 picture`, `700 pictures`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

/**
 * Text that came from elsewhere, on one line and unable to steer the terminal; cut to `width`
 * characters with an ellipsis.
 */
export function oneLine(text: string, width = Number.POSITIVE_INFINITY): string {
  const plain = text.replaceAll(controls, ' ').trim()
  return plain.length > width ? `${plain.slice(0, Math.max(0, width - 1))}…` : plain
}
