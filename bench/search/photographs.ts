import sharp from 'sharp'

const width = 5184
const height = 3888

/** A 20-megapixel JPEG with the grain of a photograph; every seed looks different. */
export async function photograph(seed: number): Promise<Buffer> {
  const cells = 24
  const colours = new Uint8Array(cells * cells * 3)
  let state = seed + 1
  for (let at = 0; at < colours.length; at++) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0
    colours[at] = state >>> 24
  }
  const grain = await sharp({
    create: {
      width: 1024,
      height: 1024,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 12 },
    },
  })
    .png()
    .toBuffer()
  return sharp(colours, { raw: { width: cells, height: cells, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .composite([{ input: grain, tile: true, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer()
}
