import type { Config } from '../../server/src/config.ts'
import { composeEmbedder } from '../../server/src/compose.ts'
import { openPreviousEmbedder } from '../../server/src/embedders/registry.ts'
import { openFiles } from '../../server/src/files/registry.ts'
import { LibraryInUse } from '../../server/src/library/in-use/library-in-use.ts'
import { conjunction } from '../../server/src/library/questions/like-all.ts'
import { sumOf } from '../../server/src/library/questions/sum.ts'
import { openPresence } from '../../server/src/data-dir/presence.ts'
import { openGenerations } from '../../server/src/stores/registry.ts'
import { openByName } from '../embedders.ts'
import { cosine } from '../retrieval.ts'
import { type Measures, measuresOf } from './measures.ts'
import { type JudgedQuestion, readTestSet, type TestSet } from './test-set.ts'
import { libraryVectors, newVectors, vectorsOf, type VectorSource } from './vectors.ts'

/** What one embedder did on questions that all of them can be asked. */
export interface FeedbackResult {
  readonly name: string
  readonly measures: readonly Measures[]
}

export interface FeedbackReport {
  readonly set: TestSet
  readonly results: FeedbackResult[]
  /** Questions that some embedder has no vectors for, and that are left out of all. */
  readonly unanswered: number
}

/**
 * Measures how a library ranks what its people judged, and how others would.
 *
 * @param embedders names of others to compare with, for which all is embedded anew from the originals
 */
export async function measureFeedback(
  config: Config,
  embedders: readonly string[],
): Promise<FeedbackReport> {
  const { state, space, embedder } = await composeEmbedder(config)
  const library = await LibraryInUse.open({
    generations: await openGenerations(config, config.DATA_DIR, space),
    target: embedder,
    openPrevious: (made) => openPreviousEmbedder(config, state, made, embedder.id),
  })
  const { store } = library
  const presence = openPresence(config.DATA_DIR)
  try {
    const files = await openFiles(config, { dataDir: config.DATA_DIR, room: space, presence })
    const set = await readTestSet(state, store)
    const others = await Promise.all(embedders.map((name) => openByName(name)))
    const sources = [
      libraryVectors(library.embedder, store),
      ...others.map((other) => newVectors(other, { files, store, state })),
    ]
    const measured: Measures[][] = []
    for (const question of set.questions) {
      const each = await Promise.all(sources.map((source) => measure(question, source)))
      if (each.every((one) => one !== null)) measured.push(each)
    }
    return {
      set,
      results: sources.map(({ name }, at) => ({
        name,
        measures: measured.map((each) => each[at]!),
      })),
      unanswered: set.questions.length - measured.length,
    }
  } finally {
    presence.close()
    await store.close()
    state.close()
  }
}

async function measure(asked: JudgedQuestion, source: VectorSource): Promise<Measures | null> {
  const vectors = await vectorsOf(asked, source)
  if (!vectors) return null
  const parts = vectors.parts.map((vector, at) => ({
    vector,
    weight: asked.question.parts[at]!.weight,
  }))
  const score = asked.combine === 'all' ? likeAll(parts) : likeSum(parts)
  const judged = vectors.pictures.map((vector, at) => ({
    score: score(vector),
    isRelevant: asked.judged[at]!.isRelevant,
  }))
  return measuresOf(judged)
}

type Parts = Parameters<typeof sumOf>[0]

function likeSum(parts: Parts): (vector: Float32Array) => number {
  const sum = sumOf(parts)
  return (vector) => cosine(sum, vector)
}

/** By the lowest score with any part: how rare scores are is for libraries that answer. */
function likeAll(parts: Parts): (vector: Float32Array) => number {
  const { judge } = conjunction(parts, null)
  return (vector) => judge(vector)?.score ?? -Infinity
}
