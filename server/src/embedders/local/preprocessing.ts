import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LookalikeError } from '../../errors.ts'
import { type Kernel, scaledAndCut } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'

const edges = z.union([
  z.int().positive(),
  z.object({ height: z.int().positive(), width: z.int().positive() }),
  z.object({ shortest_edge: z.int().positive() }),
])
const triple = z.tuple([z.number(), z.number(), z.number()])
/** preprocessor_config.json, as Hugging Face's image processors write it. */
const processor = z.object({
  do_resize: z.boolean().default(true),
  size: edges,
  resample: z.int().default(3),
  do_center_crop: z.boolean().default(false),
  crop_size: edges.optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: triple.default([0, 0, 0]),
  image_std: triple.default([1, 1, 1]),
  do_pad: z.boolean().nullish(),
})

/** By the numbers of Pillow's filters. */
const kernels: Readonly<Record<number, Kernel>> = {
  0: 'nearest',
  1: 'lanczos3',
  2: 'linear',
  3: 'cubic',
}

interface Size {
  readonly width: number
  readonly height: number
}

/** What a model takes of a picture. */
export interface Preprocessing {
  /** Of the picture as the model takes it, in pixels. */
  readonly size: Size
  /** The size before the middle is cut out, for a picture of that size. */
  scaled(picture: Size): Size
  readonly kernel: Kernel
  /** value = byte * factor[channel] + offset[channel] */
  readonly factor: readonly [number, number, number]
  readonly offset: readonly [number, number, number]
}

/** @throws LookalikeError `unsupported` for what is not known how to do */
export async function readPreprocessing(model: string, folder: string): Promise<Preprocessing> {
  const text = await readFile(join(folder, 'preprocessor_config.json'), 'utf8')
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    given = undefined
  }
  const parsed = processor.safeParse(given)
  const kernel = parsed.success ? kernels[parsed.data.resample] : undefined
  const plan = parsed.success && kernel ? planOf(parsed.data, kernel) : undefined
  if (
    !parsed.success ||
    !plan ||
    parsed.data.do_pad ||
    !parsed.data.do_resize ||
    cutsTooMuch(plan)
  ) {
    throw new LookalikeError(
      'unsupported',
      `The preprocessor_config.json of the model ${model} asks for what is not done here` +
        `${parsed.success ? '' : `: ${z.prettifyError(parsed.error).replace(/\s+/g, ' ')}`}. ` +
        'Pictures are resized, cut to their middle, and normalised.',
    )
  }
  return plan
}

/** More than there is, which would have to be filled up. */
function cutsTooMuch({ size, scaled }: Preprocessing): boolean {
  const least = scaled({ width: 1, height: 1 })
  return size.width > least.width || size.height > least.height
}

function planOf(given: z.output<typeof processor>, kernel: Kernel): Preprocessing {
  const cut = given.do_center_crop ? fixed(given.crop_size ?? given.size) : null
  const { size } = given
  const shortest =
    typeof size === 'number'
      ? // A bare number is the shorter edge where the middle is cut out, and a square where it is not.
        cut && size
      : 'shortest_edge' in size
        ? size.shortest_edge
        : null
  const each = [0, 1, 2] as const
  const scale = given.do_rescale ? given.rescale_factor : 1
  const { image_mean: mean, image_std: std, do_normalize: normalise } = given
  return {
    size: cut ?? fixed(size),
    scaled: ({ width, height }) => {
      if (!shortest) return fixed(size)
      const ratio = shortest / Math.min(width, height)
      // As Transformers does: the longer edge is cut to whole pixels.
      return {
        width: width <= height ? shortest : Math.trunc(width * ratio),
        height: height <= width ? shortest : Math.trunc(height * ratio),
      }
    },
    kernel,
    factor: each.map((at) => (normalise ? scale / std[at] : scale)) as [number, number, number],
    offset: each.map((at) => (normalise ? -mean[at] / std[at] : 0)) as [number, number, number],
  }
}

function fixed(size: z.output<typeof edges>): Size {
  if (typeof size === 'number') return { width: size, height: size }
  if ('shortest_edge' in size) return { width: size.shortest_edge, height: size.shortest_edge }
  return { width: size.width, height: size.height }
}

/** Bytes of sRGB, row by row, in the size that the model takes. */
export function pixelsFor(
  image: NormalisedImage,
  { size, scaled, kernel }: Preprocessing,
): Promise<Uint8Array> {
  return scaledAndCut(image, scaled(image), size, kernel)
}
