import sharp, { type Sharp } from 'sharp'
import { randomNumbers } from './crash-operations.ts'

const width = 480
const height = 360

/** Pixels, `width * height * 3`. */
export interface Pixels {
  readonly data: Buffer
  readonly width: number
  readonly height: number
}

/** Drawn twice as large and shrunk, so that edges are smooth. */
const fine = 2

type Colour = readonly [number, number, number]

/** Half axes, and radians. */
interface Shape {
  readonly round: boolean
  readonly x: number
  readonly y: number
  readonly a: number
  readonly b: number
  readonly angle?: number
  readonly colour: Colour
}

/** sharp reads no SVG here: the formats that Lookalike does not know are blocked. */
class Canvas {
  readonly #data = Buffer.alloc(width * fine * height * fine * 3)

  constructor(top: Colour, bottom: Colour) {
    for (let y = 0, at = 0; y < height * fine; y++) {
      const share = y / (height * fine)
      for (let x = 0; x < width * fine; x++) {
        for (let channel = 0; channel < 3; channel++) {
          this.#data[at++] = top[channel]! * (1 - share) + bottom[channel]! * share
        }
      }
    }
  }

  draw({ round, x, y, a, b, angle = 0, colour }: Shape): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    const reach = Math.hypot(a, b) * fine
    const [middleX, middleY] = [x * fine, y * fine]
    const clamped = (value: number, most: number) => Math.min(Math.max(Math.round(value), 0), most)
    for (
      let row = clamped(middleY - reach, height * fine);
      row < clamped(middleY + reach, height * fine);
      row++
    ) {
      for (
        let column = clamped(middleX - reach, width * fine);
        column < clamped(middleX + reach, width * fine);
        column++
      ) {
        const [dx, dy] = [column - middleX, row - middleY]
        const u = (cos * dx + sin * dy) / (a * fine)
        const v = (cos * dy - sin * dx) / (b * fine)
        if (round ? u * u + v * v <= 1 : Math.abs(u) <= 1 && Math.abs(v) <= 1) {
          this.#data.set(colour, (row * width * fine + column) * 3)
        }
      }
    }
  }

  pixels(): Promise<Pixels> {
    const raw = { width: width * fine, height: height * fine, channels: 3 as const }
    return pixelsOf(sharp(this.#data, { raw }).resize(width, height))
  }
}

function colourOf(random: () => number, dark = 20, light = 240): Colour {
  const value = () => Math.floor(dark + random() * (light - dark))
  return [value(), value(), value()]
}

/** A picture of things on a ground, with fine texture: it looks like no other seed's. */
export function scene(seed: number): Promise<Pixels> {
  const drawn = scenes.get(seed) ?? drawScene(seed)
  scenes.set(seed, drawn)
  return drawn
}
const scenes = new Map<number, Promise<Pixels>>()

function drawScene(seed: number): Promise<Pixels> {
  const random = randomNumbers(seed * 104_729 + 3)
  const canvas = new Canvas(colourOf(random, 120), colourOf(random, 20, 160))
  const thing = (size: number) => {
    const colour = colourOf(random)
    const at = { x: random() * width, y: random() * height, angle: random() * Math.PI }
    canvas.draw({
      ...at,
      round: random() < 0.5,
      a: size * (0.2 + random()),
      b: size * (0.2 + random()),
      colour,
    })
  }
  for (let count = 0; count < 26; count++) thing(45)
  for (let count = 0; count < 60; count++) thing(8)
  return canvas.pixels()
}

/** A page of words that are strokes, in lines and paragraphs as all pages have them. */
function page(seed: number): Promise<Pixels> {
  const random = randomNumbers(seed * 31 + 17)
  const canvas = new Canvas([255, 255, 255], [255, 255, 255])
  for (let line = 0; line < 22; line++) {
    const end = line % 6 === 5 ? 120 + random() * 200 : 440
    for (let x = 40; x < end;) {
      const length = 8 + random() * 40
      for (let at = x; at < Math.min(x + length, end); at += 3 + random() * 2) {
        const tall = 2.5 + random() * 2.5
        canvas.draw({
          round: false,
          x: at,
          y: 30 + line * 15 - tall,
          a: 0.8,
          b: tall,
          colour: [20, 20, 20],
        })
      }
      x += length + 6
    }
  }
  return canvas.pixels()
}

/** A drawing of one template: the same head, with other features. */
function face(seed: number): Promise<Pixels> {
  const random = randomNumbers(seed * 13 + 5)
  const canvas = new Canvas([232, 224, 204], [232, 224, 204])
  const [x, colour] = [width / 2, colourOf(random, 20, 200)]
  const oval = (y: number, a: number, b: number, of: Colour, atX = x, angle = 0) =>
    canvas.draw({ round: true, x: atX, y, a, b, colour: of, angle })
  const ink = [10, 10, 10] as const
  oval(190, 135, 165, ink)
  oval(190, 130, 160, [244, 207, 168])
  oval(
    60 + random() * 25,
    90 + random() * 50,
    25 + random() * 25,
    colour,
    x + (random() - 0.5) * 50,
  )
  const [eye, gaze, wide, open] = [
    150 + random() * 20,
    (random() - 0.5) * 24,
    22 + random() * 10,
    12 + random() * 10,
  ]
  for (const side of [-55, 55]) {
    oval(eye, wide + 3, open + 3, ink, x + side)
    oval(eye, wide, open, [255, 255, 255], x + side)
    oval(eye, 9, 9, colour, x + side + gaze)
  }
  oval(205 + random() * 15, 8 + random() * 10, 20 + random() * 10, [225, 170, 130])
  oval(
    270 + random() * 20,
    30 + random() * 35,
    5 + random() * 18,
    [150, 20, 20],
    x,
    (random() - 0.5) * 0.4,
  )
  return canvas.pixels()
}

async function pixelsOf(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

export function sharpOf({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** The same scene from a place beside: a homography that moves the corners by up to `share` of a side. */
function fromBeside({ data, width, height }: Pixels, share: number, seed: number): Pixels {
  const random = randomNumbers(seed + 99)
  const [px, py] = [(random() < 0.5 ? -1 : 1) * share * 1.6, (random() < 0.5 ? -1 : 1) * share]
  const zoom = 1 - 2 * share
  const moved = Buffer.alloc(data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(2 * x) / width - 1, (2 * y) / height - 1]
      const depth = 1 + px * u + py * v
      const fromX = Math.min(Math.max((((zoom * u) / depth + 1) * width) / 2, 0), width - 1.001)
      const fromY = Math.min(Math.max((((zoom * v) / depth + 1) * height) / 2, 0), height - 1.001)
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)]
      const [right, down] = [fromX - left, fromY - top]
      for (let channel = 0; channel < 3; channel++) {
        const at = (row: number, column: number) => data[(row * width + column) * 3 + channel]!
        const upper = at(top, left) * (1 - right) + at(top, left + 1) * right
        const lower = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right
        moved[(y * width + x) * 3 + channel] = Math.round(upper * (1 - down) + lower * down)
      }
    }
  }
  return { data: moved, width, height }
}

const jpeg = (picture: Sharp, quality = 90) => picture.jpeg({ quality }).toBuffer()

function cut(pixels: Pixels, share: number): Sharp {
  const [left, top] = [Math.round(pixels.width * share), Math.round(pixels.height * share)]
  return sharpOf(pixels).extract({
    left,
    top,
    width: pixels.width - 2 * left,
    height: pixels.height - 2 * top,
  })
}

async function again(picture: Sharp): Promise<Sharp> {
  return sharpOf(await pixelsOf(picture))
}

/** Scaled about the middle by a few degrees, the size kept. */
async function rotated(pixels: Pixels, degrees: number): Promise<Sharp> {
  const turned = await pixelsOf(sharpOf(pixels).rotate(degrees, { background: '#000' }))
  return sharpOf(turned).extract({
    left: Math.floor((turned.width - pixels.width) / 2),
    top: Math.floor((turned.height - pixels.height) / 2),
    width: pixels.width,
    height: pixels.height,
  })
}

function captioned({ data, width: across, height: down }: Pixels): Sharp {
  const written = Buffer.from(data)
  const tall = Math.round(down / 8)
  for (let y = down - tall; y < down; y++) {
    for (let x = 0; x < across; x++) {
      const [letter, within] = [Math.floor((x - 6) / 9), (x - 6) % 9]
      const inLine = y > down - 0.75 * tall && y < down - 0.25 * tall
      const isInk = inLine && letter >= 0 && letter < 14 && within <= 3 + (letter % 3)
      written.fill(isInk ? 255 : 0, (y * across + x) * 3, (y * across + x + 1) * 3)
    }
  }
  return sharpOf({ data: written, width: across, height: down })
}

function framed(pixels: Pixels): Sharp {
  const edge = Math.round(pixels.width / 20)
  return sharpOf(pixels).extend({ top: edge, bottom: edge, left: edge, right: edge, background: '#fff' }) // prettier-ignore
}

type Changing = (pixels: Pixels) => Promise<Buffer>

/** What people do to a picture, and what is said of it. */
export const changes: Record<string, { make: Changing; said: RegExp }> = {
  'half size': { make: (p) => jpeg(sharpOf(p).resize(p.width / 2)), said: /^recompressed$/ },
  'quarter size': { make: (p) => jpeg(sharpOf(p).resize(p.width / 4)), said: /^recompressed$/ },
  'JPEG quality 30': { make: (p) => jpeg(sharpOf(p), 30), said: /^recompressed$/ },
  'cropped by 10 %': { make: (p) => jpeg(cut(p, 0.05)), said: /^cropped to (8[0-2]) %$/ },
  'cropped by 30 %': { make: (p) => jpeg(cut(p, 0.15)), said: /^cropped to (4[89]|50) %$/ },
  'rotated by 3°': { make: async (p) => jpeg(await rotated(p, 3)), said: /rotated by (2\.9|3|3\.1)°/ }, // prettier-ignore
  'a quarter turn': { make: (p) => jpeg(sharpOf(p).rotate(270)), said: /^turned by 270°$/ },
  mirrored: { make: (p) => jpeg(sharpOf(p).flop()), said: /^mirrored$/ },
  brighter: { make: (p) => jpeg(sharpOf(p).linear(1.25, 0)), said: /brighter/ },
  grey: { make: (p) => jpeg(sharpOf(p).greyscale()), said: /^grey$/ },
  framed: { make: (p) => jpeg(framed(p)), said: /^framed$/ },
  captioned: { make: (p) => jpeg(captioned(p)), said: /^overlaid on \d+ %$/ },
  PNG: { make: (p) => sharpOf(p).png().toBuffer(), said: /^recompressed$/ },
}

export const twoChanges: Record<string, { make: Changing; said: RegExp }> = {
  'cropped and mirrored': {
    make: async (p) => jpeg((await again(cut(p, 0.1))).flop()),
    said: /^mirrored, cropped to 6[345] %$/,
  },
  'framed and recompressed': { make: (p) => jpeg(framed(p), 30), said: /^framed$/ },
  'grey and half size': {
    make: (p) => jpeg(sharpOf(p).resize(p.width / 2).greyscale()), // prettier-ignore
    said: /^grey$/,
  },
  'captioned and brighter': {
    make: async (p) => jpeg((await again(captioned(p))).linear(1.15, 0)),
    said: /overlaid on \d+ %/,
  },
  'a quarter turn and cropped': {
    make: async (p) => jpeg((await again(cut(p, 0.08))).rotate(90)),
    said: /^turned by 90°, cropped to (69|70|71|72) %$/,
  },
  'mirrored and rotated by 3°': {
    make: async (p) => jpeg((await again(await rotated(p, 3))).flop()),
    said: /mirrored, rotated by -?(2\.9|3|3\.1)°/,
  },
}

/** Pairs that look alike and are not one picture. */
export const lookalikes: Record<string, (seed: number) => Promise<[Buffer, Buffer]>> = {
  'one scene from beside, 4 %': async (seed) => {
    const one = await scene(seed)
    return [await jpeg(sharpOf(one)), await jpeg(sharpOf(fromBeside(one, 0.04, seed)))]
  },
  'one scene from beside, 8 %': async (seed) => {
    const one = await scene(seed)
    return [await jpeg(sharpOf(one)), await jpeg(sharpOf(fromBeside(one, 0.08, seed)))]
  },
  'one scene, the camera panned': async (seed) => {
    const one = await scene(seed)
    const part = (left: number) => sharpOf(one).extract({ left, top: 0, width: one.width * 0.8, height: one.height }) // prettier-ignore
    return [await jpeg(part(0)), await jpeg(part(one.width * 0.2))]
  },
  'one background, another object': async (seed) => {
    const one = await scene(seed)
    const object = await sharpOf(await scene(seed + 500)).resize(140, 110, { fit: 'fill' }).png().toBuffer() // prettier-ignore
    return [await jpeg(sharpOf(one)), await jpeg(sharpOf(one).composite([{ input: object, left: 160, top: 120 }]))] // prettier-ignore
  },
  'another hue': async (seed) => {
    const one = await scene(seed)
    return [await jpeg(sharpOf(one)), await jpeg(sharpOf(one).modulate({ hue: 120 }))]
  },
  'two pages of text': async (seed) => [
    await jpeg(sharpOf(await page(seed))),
    await jpeg(sharpOf(await page(seed + 1))),
  ],
  'two drawings of one template': async (seed) => [
    await jpeg(sharpOf(await face(seed))),
    await jpeg(sharpOf(await face(seed + 1))),
  ],
}
