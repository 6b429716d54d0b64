import type { NormalisedImage } from '../../images/image.ts'
import { Batches } from '../../providers/batches.ts'
import type { LearnedModel } from '../../state/learned-models.ts'
import { type Embedder, noUsage } from '../embedder.ts'
import { type EmbeddedVector, pictureEmbedder } from '../picture-embedder.ts'
import { type LocalModel, provideModel } from './files/provide.ts'
import { assertUnchanged } from './files/record.ts'
import { joinedModels, testModels } from './joined-models.ts'
import type { LocalOptions } from './options.ts'
import { readPreprocessing } from './preprocessing.ts'
import { findRuntime } from './runtime.ts'
import { Session } from './session.ts'

const picturesAtOnce = 8
const textsAtOnce = 32
/** They take part of a second, for which pictures of people wait. */
const namesAtOnce = 8

/**
 * Models on this machine, one or a pair, in a process of their own.
 *
 * @param describer says what pictures show
 * @throws ConfigError where the library that runs models is not installed, or a name is none
 * @throws LookalikeError where files are missing and cannot be had, or a model fails the self-test
 */
export default async function openLocalEmbedder(
  options: LocalOptions,
  describer: Embedder,
): Promise<Embedder> {
  const runtime = findRuntime(options.dataDir)
  const models: LocalModel[] = []
  for (const name of options.model.split('+')) models.push(await provideModel(name.trim(), options))
  const plans = await Promise.all(models.map(({ name, folder }) => readPreprocessing(name, folder)))
  const { precision, device, threads, state } = options
  const session = new Session({
    kind: 'load',
    runtime,
    models: models.map(({ name, folder, family }) => ({
      name,
      folder,
      family: family.name,
      maxTokens: family.maxTokens,
      padsToMax: family.padsToMax,
      precision,
      device,
      threads,
    })),
  })
  const embed = joinedModels(session, models, plans, options.share)
  const name = nameOf(models, options)
  let phase = 'Its models are loaded when they are first needed.'
  let passed: Promise<LearnedModel> | undefined

  /** Once for each process: reads every byte of the files, loads them, and tests them. */
  function ready(): Promise<LearnedModel> {
    passed ??= learn().catch((error: unknown) => {
      passed = undefined
      phase = `Its models cannot be used. ${error instanceof Error ? error.message : ''}`
      throw error
    })
    return passed
  }

  async function learn(): Promise<LearnedModel> {
    phase = 'Its models are being loaded.'
    const start = performance.now()
    for (const { name: each, folder, files, record } of models) {
      await assertUnchanged(each, folder, files, record)
    }
    const found = await testModels(embed, models, name)
    state.learnedModels.write(name, found)
    phase = `Its models are loaded; that took ${((performance.now() - start) / 1000).toFixed(1)} s.`
    return found
  }

  let learned = state.learnedModels.read(name)
  if (!learned) {
    options.say(`Loading ${models.map((model) => model.name).join(' and ')}`)
    learned = await ready()
  }
  const id = `${name}@${learned.dimensions}`
  const pictures = new Batches<NormalisedImage, EmbeddedVector>({
    maxItems: picturesAtOnce,
    concurrency: 1,
    send: async (images) => (await embed.pictures(images)).map(fulfilled),
  })
  const texts = new Batches<string, EmbeddedVector>({
    maxItems: textsAtOnce,
    concurrency: 1,
    send: async (each) => (await embed.texts(each)).map(fulfilled),
  })
  return pictureEmbedder(
    {
      id,
      dimensions: learned.dimensions,
      name: id,
      concurrency: picturesAtOnce,
      namesAtOnce,
      async embedPicture(image, signal) {
        await ready()
        return pictures.run(image, signal)
      },
      ...(learned.words && {
        async embedText(text, signal) {
          await ready()
          return texts.run(text, signal)
        },
      }),
      health: () => ({
        status: phase.includes('cannot') ? 'degraded' : 'ok',
        detail: learned.words ? phase : `${phase} They know pictures and no words.`,
      }),
    },
    describer,
    state.memory,
    options.names ? state.nameVectors : undefined,
  )
}

function fulfilled(vector: Float32Array): PromiseSettledResult<EmbeddedVector> {
  return { status: 'fulfilled', value: { vector, usage: noUsage } }
}

/** Names models, revisions and precision; with the length of its vectors, the embedder's id. */
function nameOf(models: readonly LocalModel[], { precision, share }: LocalOptions): string {
  const parts = models.map(({ name, revision }) => {
    const short = revision.startsWith('copied-') ? revision : revision.slice(0, 12)
    return `${name}#${short}:${precision}`
  })
  const uneven = models.length === 2 && share !== 0.5 ? `~${share}` : ''
  return `local:${parts.join('+')}${uneven}`
}
