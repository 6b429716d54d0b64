import { z } from 'zod'

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
