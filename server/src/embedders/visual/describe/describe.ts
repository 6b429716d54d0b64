import type { Raster } from '../features/raster.ts'
import { namedShares, type NamedShare } from './colour-names.ts'
import { measure, type Measures } from './measure.ts'

/**
 * Says in one sentence what was measured: format, named colours with their shares, brightness,
 * contrast, warmth, detail and where it lies. Never what the picture shows: nothing here knows that.
 *
 * @example "A landscape-format picture, mostly dark teal (48 %) and sand (31 %) with a touch of orange
 * (4 %); cool, fairly bright, strong contrast, finely detailed, most of it in the middle."
 */
export function describe(size: { width: number; height: number }, raster: Raster): string {
  const measures = measure(raster)
  const qualities = [
    warmthOf(measures),
    brightnessOf(measures),
    contrastOf(measures),
    ...detailOf(measures),
  ]
  const shape = shapeOf(size.width / size.height)
  return `${shape}, ${coloursOf(namedShares(raster))}; ${qualities.join(', ')}.`
}

function shapeOf(ratio: number): string {
  if (ratio > 2.5) return 'A very wide picture'
  if (ratio > 1.05) return 'A landscape-format picture'
  if (ratio > 0.95) return 'A square picture'
  if (ratio > 0.4) return 'A portrait-format picture'
  return 'A very tall picture'
}

function coloursOf(shares: NamedShare[]): string {
  const [first, ...others] = shares
  if (!first) return 'without colour'
  const main = [first, ...others.filter(({ share }) => share >= 0.12)].slice(0, 3)
  const accent = others.find((colour) => !main.includes(colour) && isAccent(colour))
  const total = main.reduce((sum, { share }) => sum + share, 0)
  const lead = first.share > 0.98 ? 'all' : total > 0.5 ? 'mostly' : 'in many colours, foremost'
  const listed = new Intl.ListFormat('en-GB').format(main.map(withShare))
  return `${lead} ${listed}${accent ? ` with a touch of ${withShare(accent)}` : ''}`
}

function withShare({ name, share }: NamedShare): string {
  return `${name} (${Math.round(share * 100)} %)`
}

/** Greys between the main colours are shading; a small patch of real colour is worth a word. */
function isAccent({ name, share }: NamedShare): boolean {
  return share >= 0.02 && !/grey|black|white|cream|brown/.test(name)
}

function warmthOf({ chroma, warmth }: Measures): string {
  if (chroma < 4) return 'nearly colourless'
  if (warmth > 5) return 'warm'
  return warmth < -5 ? 'cool' : 'neither warm nor cool'
}

function brightnessOf({ lightness }: Measures): string {
  if (lightness < 20) return 'very dark'
  if (lightness < 40) return 'dark'
  if (lightness < 58) return 'of medium brightness'
  return lightness < 78 ? 'fairly bright' : 'very bright'
}

function contrastOf({ contrast }: Measures): string {
  if (contrast < 1) return 'no contrast'
  if (contrast < 10) return 'low contrast'
  return contrast < 22 ? 'moderate contrast' : 'strong contrast'
}

function detailOf({ detail, centring }: Measures): string[] {
  if (detail < 0.1) return ['without detail']
  const amount = detail < 1.2 ? 'smooth' : detail < 4 ? 'moderately detailed' : 'finely detailed'
  const place =
    centring > 0.42
      ? 'most of it in the middle'
      : centring < 0.2
        ? 'most of it towards the edges'
        : 'spread over the frame'
  return [amount, place]
}
