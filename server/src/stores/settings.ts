import { z } from 'zod'
import { embeddedSettings } from './embedded/settings.ts'
import { qdrantSettings } from './qdrant/settings.ts'

/** Name in `STORE` -> folder beside this file. */
export const storeNames = ['embedded', 'qdrant'] as const
export type StoreName = (typeof storeNames)[number]

export const storeSettings = {
  STORE: z
    .enum(storeNames)
    .optional()
    .describe('Where records live; qdrant when QDRANT_URL is set, else embedded'),
  ...embeddedSettings,
  ...qdrantSettings,
}

type Given = z.output<z.ZodObject<typeof storeSettings>>
export type StoreSettings = Given & { readonly STORE: StoreName }

export function storeName(settings: Given): StoreName {
  return settings.STORE ?? (settings.QDRANT_URL ? 'qdrant' : 'embedded')
}

/** What cannot be together in these settings; null when all can. */
export function storeConflict(settings: Given): string | null {
  const { QDRANT_WRITE_CONSISTENCY_FACTOR: held, QDRANT_REPLICATION_FACTOR: made } = settings
  if (held <= made) return null
  return (
    `QDRANT_WRITE_CONSISTENCY_FACTOR=${held} asks more copies to hold a write ` +
    `than QDRANT_REPLICATION_FACTOR=${made} makes.`
  )
}
