import { z } from 'zod'

/** The settings of what is read from pictures beside their pixels. */
export const imageSettings = {
  EMBEDDED_METADATA: z
    .enum(['none', 'without-location', 'all'])
    .default('none')
    .describe(
      'What becomes metadata of all that a picture says in EXIF, IPTC and XMP: nothing (none), date, camera, keywords, title, caption and rating (without-location), coordinates too (all)',
    ),
}

export type EmbeddedMetadataChoice = z.output<typeof imageSettings.EMBEDDED_METADATA>
