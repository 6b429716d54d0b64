import { labOf, type Raster } from '../features/raster.ts'

/** Names people use for colours, each with one sRGB colour that is a clear case of it. */
const palette: Record<string, [number, number, number]> = {
  black: [12, 12, 12],
  'dark grey': [64, 64, 64],
  grey: [128, 128, 128],
  'light grey': [196, 196, 196],
  white: [252, 252, 252],
  'dark red': [115, 18, 22],
  red: [208, 34, 36],
  'dark brown': [62, 40, 26],
  brown: [120, 76, 42],
  rust: [172, 82, 40],
  orange: [240, 132, 28],
  gold: [212, 164, 40],
  yellow: [248, 222, 50],
  sand: [206, 176, 132],
  cream: [244, 232, 204],
  'dark olive': [66, 66, 34],
  olive: [122, 120, 52],
  'light green': [154, 204, 112],
  green: [52, 146, 60],
  'dark green': [24, 74, 38],
  'grey green': [126, 142, 118],
  turquoise: [60, 190, 178],
  teal: [18, 124, 126],
  'dark teal': [14, 66, 72],
  'sky blue': [128, 186, 232],
  'pale blue': [200, 220, 236],
  'grey blue': [104, 128, 154],
  blue: [38, 96, 198],
  'dark blue': [20, 34, 92],
  lavender: [184, 172, 220],
  purple: [116, 54, 148],
  plum: [84, 36, 70],
  magenta: [208, 44, 138],
  pink: [238, 156, 184],
  'pale pink': [240, 214, 214],
}

const names = Object.keys(palette)
const prototypes = Float32Array.from(Object.values(palette).flatMap((rgb) => labOf(...rgb)))

export interface NamedShare {
  readonly name: string
  /** Of all pixels, 0 to 1. */
  readonly share: number
}

/** Which named colours a picture has, largest share first; every pixel takes the nearest in L*a*b*. */
export function namedShares({ l, a, b }: Raster): NamedShare[] {
  const counts = new Uint32Array(names.length)
  // A quarter of the pixels tells shares to within a fraction of a percent.
  let seen = 0
  for (let pixel = 0; pixel < l.length; pixel += 4, seen++) {
    counts[nearest(l[pixel]!, a[pixel]!, b[pixel]!)]!++
  }
  return names
    .map((name, index) => ({ name, share: counts[index]! / seen }))
    .filter(({ share }) => share > 0)
    .sort((one, other) => other.share - one.share)
}

function nearest(l: number, a: number, b: number): number {
  let best = 0
  let bestDistance = Infinity
  for (let index = 0, at = 0; index < names.length; index++, at += 3) {
    const dl = l - prototypes[at]!
    const da = a - prototypes[at + 1]!
    const db = b - prototypes[at + 2]!
    const distance = dl * dl + da * da + db * db
    if (distance < bestDistance) {
      bestDistance = distance
      best = index
    }
  }
  return best
}
