import type { AverageCall, Ledger } from '../../state/ledger.ts'
import type { ImageEstimate } from '../embedder.ts'
import { costOf, type Prices, priceOf } from '../../providers/prices.ts'

interface Models {
  readonly visionModel: string
  readonly embeddingModel: string
  readonly prices: Prices
  readonly maxConcurrency: number
}

/** Until a model has been asked: gpt-4o over a copy of 768 pixels at high detail, and 120 words embedded. */
const typical: Record<'vision' | 'embedding', AverageCall> = {
  vision: { inputTokens: 1050, outputTokens: 170, ms: 3000 },
  embedding: { inputTokens: 170, outputTokens: 0, ms: 400 },
}

/** What one new picture costs, by what the models took lately. */
export function estimateImage(ledger: Ledger, models: Models): ImageEstimate {
  const vision = ledger.averageCall(models.visionModel)
  const embedding = ledger.averageCall(models.embeddingModel)
  const describe = vision ?? typical.vision
  const embed = embedding ?? typical.embedding
  const describingCost = costOf(describe, priceOf(models.visionModel, models.prices))
  const embeddingCost = costOf(embed, priceOf(models.embeddingModel, models.prices))
  return {
    estimatedUsd:
      describingCost === null || embeddingCost === null ? null : describingCost + embeddingCost,
    // Embedding calls are shared and run beside descriptions, which set the pace.
    ms: describe.ms / models.maxConcurrency,
    basis: vision && embedding ? 'measured' : 'typical',
    text: { estimatedUsd: embeddingCost, ms: embed.ms / models.maxConcurrency },
  }
}
