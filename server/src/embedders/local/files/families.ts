import { LookalikeError } from '../../../errors.ts'
import type { Precision } from '../options.ts'

/** How a kind of model is asked, and by which files. */
export interface Family {
  readonly name: 'clip' | 'siglip' | 'pictures'
  readonly knowsWords: boolean
  /** Tokens of a text, at most. */
  readonly maxTokens: number
  /** Whether texts are filled up to that: models that were trained so answer others with vectors that mean nothing. */
  readonly padsToMax: boolean
  /** Whether it was trained on lower case. */
  readonly lowerCase: boolean
}

const clip: Family = {
  name: 'clip',
  knowsWords: true,
  maxTokens: 77,
  padsToMax: false,
  lowerCase: false,
}
const siglip: Family = {
  name: 'siglip',
  knowsWords: true,
  maxTokens: 64,
  padsToMax: true,
  lowerCase: true,
}
const pictures: Family = {
  name: 'pictures',
  knowsWords: false,
  maxTokens: 0,
  padsToMax: false,
  lowerCase: false,
}

/** By `model_type` in config.json. */
const families: Readonly<Record<string, Family>> = {
  clip,
  siglip,
  siglip2: siglip,
  dinov2: pictures,
  dinov2_with_registers: pictures,
  dinov3_vit: pictures,
  vit: pictures,
}

/** @throws LookalikeError `unsupported` naming the kinds there are */
export function familyOf(modelType: unknown, model: string): Family {
  const family = families[String(modelType)]
  if (family) return family
  throw new LookalikeError(
    'unsupported',
    `The model ${model} is of the kind ${String(modelType)} (model_type in its config.json), which is not run here. ` +
      `These are: ${Object.keys(families).join(', ')}.`,
  )
}

/** As the ends of files' names go. */
const suffixes: Record<Precision, string> = { fp32: '', fp16: '_fp16', q8: '_quantized' }

/** What a model is made of, beside `config.json`; a network's data may lie in further files beginning with its name. */
export function neededFiles({ knowsWords }: Family, precision: Precision): string[] {
  const network = (name: string) => `onnx/${name}${suffixes[precision]}.onnx`
  return [
    'preprocessor_config.json',
    ...(knowsWords
      ? ['tokenizer.json', 'tokenizer_config.json', network('vision_model'), network('text_model')]
      : [network('model')]),
  ]
}
