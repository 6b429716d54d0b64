import sharp from 'sharp'
import type { Sample } from './samples.ts'

/**
 * The sample as a PNG file of 640 by 480 pixels. It needs sharp's SVG loader, which the server
 * blocks for its whole process: render in a process of its own.
 */
export function renderSample(sample: Sample): Promise<Buffer> {
  const picture = sharp(Buffer.from(sample.svg())).flatten()
  // Grain does not compress, so those pages go down to 256 colours, which it hides; on the smooth
  // skies of the others the same step would show. Dithering spreads its errors into plain paper.
  const grainy = sample.style === 'watercolour' || sample.style === 'pencil'
  const options = grainy ? { palette: true, dither: 0, effort: 3 } : { compressionLevel: 8 }
  return picture.png(options).toBuffer()
}
