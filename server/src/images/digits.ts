/** Digits of 3 x 5 dots, a row an octal digit: a server has no fonts of its own to write with. */
const shapes = ['75557', '26227', '71747', '71717', '55711', '74717', '74757', '71122', '75757', '75717'] // prettier-ignore
const glyph = { width: 3, height: 5 }

/**
 * A number in white on black, `dot` pixels to a dot of its digits, with a rim of one dot.
 *
 * @returns `width * height * 3` bytes of RGB, row-major
 */
export function drawNumber(
  number: number,
  dot: number,
): { rgb: Uint8Array; width: number; height: number } {
  const digits = [...String(number)].map(Number)
  const columns = digits.length * (glyph.width + 1) + 1
  const rows = glyph.height + 2
  const width = columns * dot
  const height = rows * dot
  const rgb = new Uint8Array(width * height * 3)
  for (const [place, digit] of digits.entries()) {
    for (let row = 0; row < glyph.height; row++) {
      const bits = Number(shapes[digit]![row])
      for (let column = 0; column < glyph.width; column++) {
        if (!(bits & (4 >> column))) continue
        const left = (place * (glyph.width + 1) + 1 + column) * dot
        const top = (row + 1) * dot
        for (let y = top; y < top + dot; y++) {
          const start = (y * width + left) * 3
          rgb.fill(255, start, start + dot * 3)
        }
      }
    }
  }
  return { rgb, width, height }
}
