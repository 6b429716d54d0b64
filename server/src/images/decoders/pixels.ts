import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp'
import { readProfile, type ToSrgb } from '../colour/icc-profile.ts'
import { checkPixels } from '../refusals.ts'
import { plainTiff } from './plain-tiff.ts'

// Loaders that no accepted format needs (SVG, PDF, ImageMagick ...) are attack surface: switched off
// for the whole process, so that even a file that fools `sniff` never reaches them.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
    'VipsForeignLoadTiff',
  ],
})
// Each upload is decoded once and never asked for again by libvips.
sharp.cache(false)

/** sRGB of 8 bits, upright, long edge bounded. */
export interface Pixels {
  readonly data: Uint8Array
  /** RGB, or RGBA that is not premultiplied. */
  readonly channels: 3 | 4
  readonly width: number
  readonly height: number
  /** Of the upright picture in the file. */
  readonly source: { readonly width: number; readonly height: number }
}

export interface ReadOptions {
  readonly maxMegapixels: number
  /** Of the decoded picture, at most; in pixels. */
  readonly edge: number
  /** `warning`: whatever the decoder is not content with is an error; `none`: told, and decoded regardless. */
  readonly failOn: 'warning' | 'none'
  /** Which channel is transparency, where the file has several beyond its colours; null for none of them. */
  readonly alpha?: number | null | undefined
  readonly onWarning?: (text: string) => void
  /** Pixels that were foreseen: of more than these nothing is decoded. */
  readonly maxPixels?: number
  /** Longest that libvips may be at it. */
  readonly seconds?: number
}

/** A picture has more pixels than its header was read to say. */
export class MorePixels extends Error {
  readonly pixels: number

  constructor(pixels: number) {
    super('The picture is larger than it announces.')
    this.pixels = pixels
  }
}

/**
 * Decodes what libvips reads.
 *
 * @throws LookalikeError `image_too_many_pixels`, {@link MorePixels}, and whatever libvips says
 */
export async function readPixels(
  file: string | Uint8Array,
  { maxMegapixels, edge, failOn, alpha, onWarning, maxPixels = Infinity, seconds = 0 }: ReadOptions,
): Promise<Pixels> {
  // The pixel bound below is ours, with a clearer message; sharp's own stays on as a backstop.
  const input: SharpOptions = {
    failOn,
    pages: 1,
    limitInputPixels: maxMegapixels * 1e6,
    limitInputChannels: false,
  }
  const open = (more: SharpOptions = {}) => {
    const opened = sharp(file, { ...input, ...more }).timeout({ seconds })
    return onWarning ? opened.on('warning', onWarning) : opened
  }
  const header = await open({ limitInputPixels: false }).metadata()
  checkPixels(header.width, header.height, maxMegapixels)
  if (header.width * header.height > maxPixels) throw new MorePixels(header.width * header.height)
  const { width, height } = header.autoOrient
  if (alpha !== undefined && header.space !== 'cmyk' && hasOtherChannels(header, alpha)) {
    const plain = await withoutOthers(open({ ignoreIcc: true }), header, alpha)
    const pixels = await readPixels(plain, { maxMegapixels, edge, failOn: 'warning' })
    return { ...(await turned(pixels, header.orientation)), source: { width, height } }
  }
  const profile = exactProfile(header)
  const read = profile ? await readExactly(open({ ignoreIcc: true }), edge, header, profile) : await readManaged(open(), edge) // prettier-ignore
  return { ...read, source: { width, height } }
}

type Read = Omit<Pixels, 'source'>

async function readManaged(picture: Sharp, edge: number): Promise<Read> {
  const { data, info } = await fitted(picture.autoOrient(), edge)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { ...asRgb(data, info.channels), width: info.width, height: info.height }
}

/** Pictures of 16 bits with a profile, see {@link readProfile}. */
async function readExactly(
  picture: Sharp,
  edge: number,
  header: Metadata,
  profile: Profile,
): Promise<Read> {
  const { data, info } = await fitted(picture.autoOrient(), edge)
    .toColourspace(header.space!)
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true })
  const { width, height } = info
  const channels = info.channels as 1 | 2 | 3 | 4
  const device = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  if (profile !== 'by table')
    return { ...asRgb(profile(device, channels), channels), width, height }
  const plain = plainTiff({ width, height, channels, icc: header.icc }, (pixels) => {
    for (let at = 0; at < device.length; at++) pixels[at] = Math.round(device[at]! / 257)
  })
  return readManaged(sharp(plain), edge)
}

type Profile = ToSrgb | 'by table'

/** How the colours of a picture of 16 bits are to be read; undefined leaves them to libvips. */
function exactProfile({ depth, space, icc }: Metadata): Profile | undefined {
  if (depth !== 'ushort' || !icc) return undefined
  if (space !== 'rgb16' && space !== 'grey16') return undefined
  return readProfile(icc, space === 'rgb16' ? 3 : 1) ?? 'by table'
}

function fitted(picture: Sharp, edge: number): Sharp {
  return picture.resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
}

function coloursOf({ space }: Metadata): 1 | 3 {
  return space === 'b-w' || space === 'grey16' ? 1 : 3
}

function hasOtherChannels(header: Metadata, alpha: number | null): boolean {
  return header.channels > coloursOf(header) + (alpha === null ? 0 : 1)
}

/** The colours, and the one channel that is transparency: libvips would take the last for it. */
async function withoutOthers(
  picture: Sharp,
  header: Metadata,
  alpha: number | null,
): Promise<Buffer> {
  const colours = coloursOf(header)
  const { data, info } = await picture
    .toColourspace(colours === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const kept = alpha === null ? [] : [alpha]
  const from = [...Array.from({ length: colours }, (_, channel) => channel), ...kept]
  const channels = from.length as 1 | 2 | 3 | 4
  const { width, height } = info
  return plainTiff({ width, height, channels, icc: header.icc }, (pixels) => {
    for (let at = 0, to = 0; at < data.length; at += info.channels) {
      for (const channel of from) pixels[to++] = data[at + channel]!
    }
  })
}

async function turned(pixels: Pixels, orientation = 1): Promise<Read> {
  if (orientation === 1) return pixels
  const { width, height, channels } = pixels
  const { data, info } = await sharp(pixels.data, { raw: { width, height, channels } })
    .png({ compressionLevel: 0 })
    .withMetadata({ orientation })
    .toBuffer()
    .then((png) => sharp(png).autoOrient().raw().toBuffer({ resolveWithObject: true }))
  return { data, channels, width: info.width, height: info.height }
}

/** Grey becomes RGB; an opaque fourth channel stays, to be flattened to nothing. */
function asRgb(data: Uint8Array, channels: number): { data: Uint8Array; channels: 3 | 4 } {
  if (channels === 3 || channels === 4) return { data, channels }
  const wide = channels === 1 ? 3 : 4
  const rgb = new Uint8Array((data.length / channels) * wide)
  for (let from = 0, to = 0; from < data.length; from += channels, to += wide) {
    rgb[to] = rgb[to + 1] = rgb[to + 2] = data[from]!
    if (wide === 4) rgb[to + 3] = data[from + 1]!
  }
  return { data: rgb, channels: wide }
}
