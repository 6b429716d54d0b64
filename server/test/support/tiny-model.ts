import { type Network, onnxFile } from './onnx.ts'

/** A repository: files by path. */
export type ModelFiles = Readonly<Record<string, Buffer>>

export type TinyFamily = 'clip' | 'siglip' | 'dinov2'

const edge = 8
/** Axes: red, green, blue, other things, and how light each quarter is. */
const tinyLength = 8
/** How much of a text that is filled up every place adds, along the last axis. */
export const paddingShare = 0.05

const colours = ['red', 'green', 'blue']
const others = ['dog', 'printed', 'page', 'photo', 'fox']
const vocabulary = ['[PAD]', '[UNK]', ...colours, ...others, 'a', 'square', 'circle', 'of', 'text']

const mean = [0.5, 0.5, 0.5]
const processors: Record<TinyFamily, object> = {
  // Both as the models' own files say it.
  clip: {
    crop_size: { height: edge, width: edge },
    do_center_crop: true,
    do_resize: true,
    size: { shortest_edge: edge },
    resample: 3,
    rescale_factor: 1 / 255,
    image_mean: mean,
    image_std: mean,
  },
  siglip: {
    do_resize: true,
    size: { height: edge, width: edge },
    resample: 2,
    rescale_factor: 1 / 255,
    image_mean: mean,
    image_std: mean,
  },
  dinov2: {
    crop_size: { height: edge, width: edge },
    do_center_crop: true,
    size: { shortest_edge: edge },
    resample: 3,
    image_mean: mean,
    image_std: mean,
  },
}

/**
 * A model that knows colours: small enough to be written here, and made of what large ones are made of. A picture's vector
 * says how much red, green and blue it has and how light its quarters are; a text's, which colours it names.
 *
 * @param broken whose texts are all alike
 * @param about bytes of words about it, which make it as large as one likes
 */
export function tinyModel(family: TinyFamily, { broken = false, about = 0 } = {}): ModelFiles {
  const words = family !== 'dinov2'
  const vision = onnxFile(visionNetwork(family), about)
  const text = words ? onnxFile(textNetwork(family, broken)) : undefined
  return filesOf(family, vision, text, vocabulary)
}

const wideLength = 128
/** The picture as it sees it: cells in a row, and numbers in all. */
const cells = 4
const seenNumbers = 3 * cells ** 2

/** A picture, or a drawing of a few pixels. */
export interface Drawing {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
}

/**
 * CLIP that knows many words, each a direction of its own, and some that lie where a picture does.
 *
 * @param looks what is seen in a drawing, by word
 */
export function wordyModel(
  words: readonly string[],
  looks: Readonly<Record<string, Drawing>>,
): ModelFiles {
  const random = randomNumbers()
  const direction = () => Array.from({ length: wideLength }, () => random() - 0.5)
  const weights = Array.from({ length: seenNumbers }, direction)
  const seen = (drawing: Drawing) => {
    const means = cellMeans(drawing)
    return unitOf(weights[0]!.map((_, axis) => means.reduce((sum, value, at) => sum + value * weights[at]![axis]!, 0))) // prettier-ignore
  }
  const known = [...new Set(['[PAD]', '[UNK]', ...words, ...Object.keys(looks)])]
  const table = known.map((word) => {
    const look = looks[word]
    // What many captions have says little.
    const size = /^(a|photo|of|picture|in|with|that|looks)$/.test(word) ? 0.2 : 1
    return (look ? seen(look) : unitOf(direction())).map((value) => value * size)
  })
  const vision: Network = {
    inputs: [{ name: 'pixel_values', type: 'float', shape: ['batch', 3, edge, edge] }],
    constants: {
      weights: { shape: [seenNumbers, wideLength], values: weights.flat() },
      bias: { shape: [wideLength], values: Array.from({ length: wideLength }, () => 0) },
    },
    nodes: [
      {
        operator: 'AveragePool',
        inputs: ['pixel_values'],
        outputs: ['cells'],
        attributes: { kernel_shape: [edge / cells, edge / cells], strides: [edge / cells, edge / cells] }, // prettier-ignore
      },
      { operator: 'Flatten', inputs: ['cells'], outputs: ['flat'] },
      { operator: 'Gemm', inputs: ['flat', 'weights', 'bias'], outputs: ['image_embeds'] },
    ],
    outputs: [{ name: 'image_embeds', type: 'float', shape: ['batch', wideLength] }],
  }
  return filesOf('clip', onnxFile(vision), onnxFile(textNetworkOf('clip', table)), known)
}

/** As the processor and the first layer make them: channels one after the other, from -1 to 1. */
function cellMeans({ rgb, width, height }: Drawing): number[] {
  const sums = Array.from({ length: seenNumbers }, () => 0)
  const share = cells ** 2 / (width * height)
  for (let at = 0; at < rgb.length; at++) {
    const pixel = Math.floor(at / 3)
    const row = Math.floor((Math.floor(pixel / width) * cells) / height)
    const column = Math.floor(((pixel % width) * cells) / width)
    sums[((at % 3) * cells + row) * cells + column]! += (rgb[at]! / 127.5 - 1) * share
  }
  return sums
}

function unitOf(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

/** From 0 to below 1, always the same. Source: Park and Miller, CACM 31, 1988. */
function randomNumbers(): () => number {
  let state = 20_261_126
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

function filesOf(
  family: TinyFamily,
  vision: Buffer,
  text: Buffer | undefined,
  words: readonly string[],
): ModelFiles {
  const shared = {
    'config.json': json({ model_type: family, architectures: ['Tiny'] }),
    'preprocessor_config.json': json(processors[family]),
    'README.md': Buffer.from('not needed'),
  }
  if (!text) return { ...shared, 'onnx/model_quantized.onnx': vision, 'onnx/model.onnx': vision }
  return {
    ...shared,
    'tokenizer.json': json(tokenizerOf(words)),
    'tokenizer_config.json': json({
      tokenizer_class: 'PreTrainedTokenizer',
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      // As SigLIP 2 says: no end.
      model_max_length: 1e30,
    }),
    'onnx/vision_model_quantized.onnx': vision,
    'onnx/text_model_quantized.onnx': text,
    'onnx/vision_model.onnx': vision,
    'onnx/text_model.onnx': text,
  }
}

/** Means of quarters, and from those the axes. */
function visionNetwork(family: TinyFamily): Network {
  const weights = Array.from({ length: 12 }, (_, input) => {
    const [channel, quarter] = [Math.floor(input / 4), input % 4]
    return Array.from({ length: tinyLength }, (_unused, axis) => {
      if (axis < 3) return (axis === channel ? 1 : -1) / 8
      if (axis === 3) return 0
      return (axis - 4 === quarter ? 0.75 : -0.25) * 0.2
    })
  })
  const output = { clip: 'image_embeds', siglip: 'pooler_output', dinov2: 'first' }[family]
  const hasTokens = family === 'dinov2'
  return {
    inputs: [{ name: 'pixel_values', type: 'float', shape: ['batch', 3, edge, edge] }],
    constants: {
      weights: { shape: [12, tinyLength], values: weights.flat() },
      bias: { shape: [tinyLength], values: [0.5, 0.5, 0.5, 0, 0, 0, 0, 0] },
    },
    nodes: [
      {
        operator: 'AveragePool',
        inputs: ['pixel_values'],
        outputs: ['quarters'],
        attributes: { kernel_shape: [4, 4], strides: [4, 4] },
      },
      { operator: 'Flatten', inputs: ['quarters'], outputs: ['flat'] },
      { operator: 'Gemm', inputs: ['flat', 'weights', 'bias'], outputs: [output] },
      // The first token stands for the picture; another says the opposite.
      ...(hasTokens
        ? [
            { operator: 'Neg', inputs: ['first'], outputs: ['opposite'] },
            { operator: 'Unsqueeze', inputs: ['first'], outputs: ['one'], attributes: { axes: [1] } }, // prettier-ignore
            { operator: 'Unsqueeze', inputs: ['opposite'], outputs: ['two'], attributes: { axes: [1] } }, // prettier-ignore
            { operator: 'Concat', inputs: ['one', 'two'], outputs: ['last_hidden_state'], attributes: { axis: 1 } }, // prettier-ignore
          ]
        : []),
    ],
    outputs: [
      hasTokens
        ? { name: 'last_hidden_state', type: 'float', shape: ['batch', 2, tinyLength] }
        : { name: output, type: 'float', shape: ['batch', tinyLength] },
    ],
  }
}

/** The mean of what each word stands for. */
function textNetwork(family: TinyFamily, broken: boolean): Network {
  const table = vocabulary.map((word) => {
    const vector = Array.from({ length: tinyLength }, () => 0)
    if (broken) vector[3] = 1
    else if (word === '[PAD]') vector[tinyLength - 1] = paddingShare
    else if (colours.includes(word)) vector[colours.indexOf(word)] = 1
    else if (others.includes(word) || word === '[UNK]') vector[3] = 1
    return vector
  })
  return textNetworkOf(family, table)
}

function textNetworkOf(family: TinyFamily, table: readonly (readonly number[])[]): Network {
  const length = table[0]!.length
  const pooled = family === 'clip' ? 'text_embeds' : 'pooler_output'
  return {
    inputs: [{ name: 'input_ids', type: 'int64', shape: ['batch', 'length'] }],
    constants: { table: { shape: [table.length, length], values: table.flat() } },
    nodes: [
      { operator: 'Gather', inputs: ['table', 'input_ids'], outputs: ['last_hidden_state'] },
      {
        operator: 'ReduceMean',
        inputs: ['last_hidden_state'],
        outputs: [pooled],
        attributes: { axes: [1], keepdims: 0 },
      },
    ],
    outputs: [
      { name: pooled, type: 'float', shape: ['batch', length] },
      { name: 'last_hidden_state', type: 'float', shape: ['batch', 'length', length] },
    ],
  }
}

const tokenizerOf = (words: readonly string[]) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: ['[PAD]', '[UNK]'].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  // It does not make letters small: SigLIP's has to be given small ones.
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: null,
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
})

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value))
}
