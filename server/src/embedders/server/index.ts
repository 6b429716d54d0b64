import { LookalikeError } from '../../errors.ts'
import { Provider } from '../../providers/provider.ts'
import type { LearnedModel } from '../../state/learned-models.ts'
import type { Ledger } from '../../state/ledger.ts'
import type { Embedder } from '../embedder.ts'
import { pictureEmbedder } from '../picture-embedder.ts'
import { openCalls } from './calls.ts'
import type { EmbeddingServerOptions } from './options.ts'
import { probe } from './probe.ts'

/** Embedders of one ledger that ask one server share its slots. */
const providers = new WeakMap<Ledger, Map<string, Provider>>()

/** Until it has been asked: a picture on a graphics card, over a network nearby. */
const typical = { inputTokens: 0, outputTokens: 0, ms: 150 }
/** At most: a caption of a few words, or what a model fills it up to. */
const tokensOfName = 64

/**
 * A server elsewhere embeds pictures, and texts where its model knows them. The first start asks it how long its vectors are
 * and whether it knows words; later ones know, and ask again before the first picture.
 *
 * @param describer says what pictures show
 * @throws LookalikeError where the server cannot be asked and was never asked before, or its model fails the self-test
 */
export default async function openServerEmbedder(
  options: EmbeddingServerOptions,
  describer: Embedder,
): Promise<Embedder> {
  const { model, revision, dialect, state, maxConcurrency } = options
  const provider = providerOf(options)
  const name = revision === undefined ? model : `${model}#${revision}`
  const learnedName = `server:${dialect}:${options.url}:${name}`
  let learned = state.learnedModels.read(learnedName)
  const expected = options.dimensions ?? learned?.dimensions
  const calls = openCalls({ ...options, dimensions: expected, provider })
  let wordsRefused = ''
  let passed: Promise<LearnedModel> | undefined

  /** Asks the model what it is, and tests it: once for each process, unless it could not be asked. */
  function ready(): Promise<LearnedModel> {
    passed ??= learn().catch((error: unknown) => {
      passed = undefined
      throw error
    })
    return passed
  }

  async function learn(): Promise<LearnedModel> {
    // For whoever waits first and for all others: it goes on when that one leaves.
    const found = await probe(calls, { model, dialect }, new AbortController().signal)
    if (learned && found.dimensions !== learned.dimensions) throw changed(model, learned, found)
    if (learned?.words && !found.words) throw lostWords(model, found.wordsRefused)
    wordsRefused = found.wordsRefused
    state.learnedModels.write(learnedName, found)
    return found
  }

  learned ??= await ready()
  const { dimensions, words } = learned
  const id = `server:${name}@${dimensions}`
  return pictureEmbedder(
    {
      id,
      dimensions,
      name: `${id}/${options.edge}px`,
      concurrency: maxConcurrency,
      // One call, or a few of its slots.
      namesAtOnce: Math.max(calls.textsPerCall, Math.ceil(maxConcurrency / 4)),
      async embedPicture(image, signal) {
        await ready()
        return calls.picture(image, signal)
      },
      ...(words && {
        async embedText(text, signal) {
          await ready()
          return calls.text(text, signal)
        },
      }),
      health() {
        const health = provider.health()
        if (health.status !== 'ok' || words) return health
        const why = wordsRefused === '' ? '' : ` (${wordsRefused})`
        return {
          ...health,
          detail: `${health.detail} Its model knows pictures and no words${why}.`,
        }
      },
      backlog: () => provider.backlog(),
      estimate() {
        const known = state.ledger.averageCall(model)
        const { inputTokens, ms } = known ?? typical
        const each = {
          estimatedUsd: (inputTokens * options.price) / 1e6,
          ms: ms / maxConcurrency,
        }
        return { ...each, basis: known ? 'measured' : 'typical', text: each }
      },
      estimateNames({ texts, pictures }) {
        const { inputTokens, ms } = state.ledger.averageCall(model) ?? typical
        const tokens = texts * tokensOfName + pictures * inputTokens
        const all = texts / calls.textsPerCall + pictures
        // Few are asked at once, so that pictures of people do not wait for them.
        return { estimatedUsd: (tokens * options.price) / 1e6, ms: all * ms }
      },
    },
    describer,
    state.memory,
    options.names ? state.nameVectors : undefined,
  )
}

function providerOf({ state, url, model, price, maxConcurrency }: EmbeddingServerOptions) {
  const { ledger } = state
  const ofLedger = providers.get(ledger) ?? new Map<string, Provider>()
  providers.set(ledger, ofLedger)
  const prices = { [model]: { input: price, output: 0 } }
  const key = `${url} ${model}`
  const provider = ofLedger.get(key) ?? new Provider({ ledger, prices, maxConcurrency })
  ofLedger.set(key, provider)
  return provider
}

function changed(model: string, before: LearnedModel, now: LearnedModel): LookalikeError {
  return new LookalikeError(
    'provider_rejected',
    `The embedding server's model ${model} made vectors of ${before.dimensions} numbers and now makes ${now.dimensions}: ` +
      'it is another one. Serve the former model, or name what is served in EMBEDDING_REVISION, restart, and run `lookalike reindex`.',
  )
}

function lostWords(model: string, reason: string): LookalikeError {
  return new LookalikeError(
    'provider_rejected',
    `The embedding server's model ${model} embedded texts before and now refuses them (${reason}): it is another one, or is ` +
      'served otherwise. Serve it as before, or name what is served in EMBEDDING_REVISION, restart, and run `lookalike reindex`.',
  )
}
