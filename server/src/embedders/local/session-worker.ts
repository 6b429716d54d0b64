import { createRequire } from 'node:module'
import { basename, dirname } from 'node:path'
import type {
  Answer,
  LoadedModel,
  LoadRequest,
  PicturesRequest,
  Request,
  TextsRequest,
} from './messages.ts'

/** What is used of @huggingface/transformers, which is not there when this is checked. */
interface Tensor {
  readonly dims: readonly number[]
  readonly data: ArrayLike<number>
  dispose(): void
}
type Outputs = Readonly<Record<string, Tensor>>
type Model = (inputs: object) => Promise<Outputs>
type Tokenizer = (texts: readonly string[], options: object) => object
interface Loads<T> {
  from_pretrained(name: string, options: object): Promise<T>
}
interface Library {
  readonly env: { allowRemoteModels: boolean; localModelPath: string; useFSCache: boolean }
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor
  readonly AutoTokenizer: Loads<Tokenizer>
  readonly AutoModel: Loads<Model>
  readonly CLIPVisionModelWithProjection: Loads<Model>
  readonly CLIPTextModelWithProjection: Loads<Model>
  readonly SiglipVisionModel: Loads<Model>
  readonly SiglipTextModel: Loads<Model>
}

interface Loaded {
  readonly about: LoadedModel
  readonly vision: Model
  readonly text?: Model
  readonly tokenize?: Tokenizer
}

let library: Library
let models: Loaded[] = []

async function load({ runtime, models: wanted }: LoadRequest): Promise<Float32Array[]> {
  library = createRequire(runtime)(runtime) as Library
  library.env.allowRemoteModels = false
  library.env.useFSCache = false
  models = []
  for (const about of wanted) models.push(await loadModel(about))
  return []
}

async function loadModel(about: LoadedModel): Promise<Loaded> {
  const { folder, family, precision, device, threads } = about
  library.env.localModelPath = `${dirname(folder)}/`
  const name = basename(folder)
  const options = {
    dtype: precision,
    device,
    local_files_only: true,
    session_options: {
      ...(threads !== undefined && { intraOpNumThreads: threads }),
      // Else it keeps what the largest batch took.
      enableCpuMemArena: false,
      enableMemPattern: false,
    },
  }
  if (family === 'pictures') {
    return { about, vision: await library.AutoModel.from_pretrained(name, options) }
  }
  const [vision, text] =
    family === 'clip'
      ? [library.CLIPVisionModelWithProjection, library.CLIPTextModelWithProjection]
      : [library.SiglipVisionModel, library.SiglipTextModel]
  return {
    about,
    vision: await vision.from_pretrained(name, options),
    text: await text.from_pretrained(name, options),
    tokenize: await library.AutoTokenizer.from_pretrained(name, options),
  }
}

async function pictures(request: PicturesRequest): Promise<Float32Array[]> {
  const { width, height, factor, offset, pixels } = request
  const place = width * height
  const values = new Float32Array(pixels.length * 3 * place)
  pixels.forEach((rgb, picture) => {
    for (let channel = 0; channel < 3; channel++) {
      const start = (picture * 3 + channel) * place
      const [times, plus] = [factor[channel]!, offset[channel]!]
      for (let at = 0; at < place; at++) values[start + at] = rgb[at * 3 + channel]! * times + plus
    }
  })
  const input = new library.Tensor('float32', values, [pixels.length, 3, height, width])
  const outputs = await models[request.model]!.vision({ pixel_values: input })
  input.dispose()
  return taken(outputs, 'image_embeds', pixels.length)
}

async function texts({ model, texts: asked }: TextsRequest): Promise<Float32Array[]> {
  const { about, text, tokenize } = models[model]!
  const inputs = tokenize!(asked, {
    padding: about.padsToMax ? 'max_length' : true,
    truncation: true,
    // Without a number it is what the tokenizer allows, which may be without end.
    max_length: about.maxTokens,
  })
  return taken(await text!(inputs), 'text_embeds', asked.length)
}

/**
 * One vector for each input: what was projected into the space of both, or what was pooled; of networks that give neither,
 * the first token, which stands for the whole.
 */
function taken(outputs: Outputs, projected: string, count: number): Float32Array[] {
  const output = outputs[projected] ?? outputs['pooler_output'] ?? outputs['last_hidden_state']
  if (!output || output.dims[0] !== count) {
    const given = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`)
    throw new Error(`the network gives no vector for each input, but ${given.join(', ')}`)
  }
  const { dims, data } = output
  const length = dims.at(-1)!
  const step = data.length / count
  const vectors = Array.from({ length: count }, (_, at) =>
    Float32Array.from({ length }, (_unused, axis) => Number(data[at * step + axis])),
  )
  for (const each of Object.values(outputs)) each.dispose()
  return vectors
}

async function answer(request: Request): Promise<Float32Array[]> {
  if (request.kind === 'load') return load(request)
  return request.kind === 'pictures' ? pictures(request) : texts(request)
}

process.on('message', async ({ id, request }: { id: number; request: Request }) => {
  let answered: Answer
  try {
    answered = { id, vectors: await answer(request) }
  } catch (error) {
    answered = { id, error: error instanceof Error ? error.message : String(error) }
  }
  process.send!(answered)
})
// The server has gone.
process.on('disconnect', () => process.exit())
