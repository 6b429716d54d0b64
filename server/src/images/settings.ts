import { z } from 'zod'
import { count } from '../setting-types.ts'

/** What decoding may take. */
export const decodeSettings = {
  DECODE_MEMORY_MB: count
    .min(64)
    .default(512)
    .describe(
      'Memory for all pictures that are decoded at once, in megabytes; one that needs more by itself is decoded alone',
    ),
}

/** The settings of what pictures hold beside their pixels. */
export const imageSettings = {
  EMBEDDED_METADATA: z
    .enum(['none', 'without-location', 'all'])
    .default('none')
    .describe(
      'What becomes metadata of all that a picture says in EXIF, IPTC and XMP: nothing (none), date, camera, keywords, title, caption and rating (without-location), coordinates too (all)',
    ),
  STRIP_METADATA: z
    .stringbool()
    .default(false)
    .describe(
      'true: originals are kept without EXIF, GPS, XMP, IPTC and comments; TIFF and RAW, which cannot be freed of them, are refused',
    ),
}

export type EmbeddedMetadataChoice = z.output<typeof imageSettings.EMBEDDED_METADATA>
