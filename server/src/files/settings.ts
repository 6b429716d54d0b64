import { z } from 'zod'
import { missingS3Settings, s3Settings } from './s3/settings.ts'

/** Name in `FILES` -> folder beside this file. */
export const fileStoreNames = ['disk', 's3'] as const
export type FileStoreName = (typeof fileStoreNames)[number]

export const fileSettings = {
  FILES: z
    .enum(fileStoreNames)
    .optional()
    .describe('Where originals and thumbnails live; s3 when S3_BUCKET is set, else disk'),
  ...s3Settings,
}

type Given = z.output<z.ZodObject<typeof fileSettings>>
export type FileSettings = Given & { readonly FILES: FileStoreName }

export function fileStoreName(settings: Given): FileStoreName {
  return settings.FILES ?? (settings.S3_BUCKET ? 's3' : 'disk')
}

/** What the chosen driver lacks; null when nothing is missing. */
export function fileStoreConflict(settings: Given): string | null {
  const missing = fileStoreName(settings) === 's3' ? missingS3Settings(settings) : []
  return missing.length > 0 ? `FILES=s3 also needs ${missing.join(', ')}.` : null
}
