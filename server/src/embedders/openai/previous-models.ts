/** The settings that name the models of an embedder id. */
export interface PreviousModels {
  readonly OPENAI_VISION_MODEL: string
  readonly OPENAI_EMBEDDING_MODEL: string
  readonly OPENAI_EMBEDDING_DIMENSIONS: number
}

/**
 * The models in an id such as `openai:gpt-4o/text-embedding-3-large@1536`; null for another's id, and
 * where slashes in the models' own names leave open which is which and the settings do not tell either.
 *
 * @param now the models of the settings: a person who changes one seldom changes the other
 */
export function previousModels(
  id: string,
  now: Pick<PreviousModels, 'OPENAI_VISION_MODEL' | 'OPENAI_EMBEDDING_MODEL'>,
): PreviousModels | null {
  const [, models, dimensions] = /^openai:(.+)@(\d+)$/.exec(id) ?? []
  if (models === undefined) return null
  const slashes = Array.from(models.matchAll(/\//g), ({ index }) => index)
  const readings = slashes.map((at) => ({
    OPENAI_VISION_MODEL: models.slice(0, at),
    OPENAI_EMBEDDING_MODEL: models.slice(at + 1),
    OPENAI_EMBEDDING_DIMENSIONS: Number(dimensions),
  }))
  const likely = readings.filter(
    (each) =>
      each.OPENAI_VISION_MODEL === now.OPENAI_VISION_MODEL ||
      each.OPENAI_EMBEDDING_MODEL === now.OPENAI_EMBEDDING_MODEL,
  )
  if (likely.length === 1) return likely[0]!
  return readings.length === 1 ? readings[0]! : null
}
