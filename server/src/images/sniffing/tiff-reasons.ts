import { tiffTags, type TiffDirectory } from './tiff.ts'

const photometrics: Record<number, string> = {
  8: 'in CIE Lab',
  9: 'in ICC Lab',
  10: 'in ITU Lab',
  32_844: 'in LogL',
  32_845: 'in LogLuv',
  32_803: 'of raw sensor data',
  34_892: 'of raw sensor data',
}

const readCompressions = new Set([1, 2, 3, 4, 5, 7, 8, 32_771, 32_773, 32_946])
const compressions: Record<number, string> = {
  6: 'old-style JPEG',
  34_661: 'JBIG',
  34_676: 'SGI log',
  34_677: 'SGI log',
  34_712: 'JPEG 2000',
  33_003: 'JPEG 2000',
  33_005: 'JPEG 2000',
  34_887: 'LERC',
  34_925: 'LZMA',
  50_000: 'Zstandard',
  50_001: 'WebP',
  50_002: 'JPEG XL',
  52_546: 'JPEG XL',
}

/** What a TIFF holds that is never read here, such as "a TIFF in CIE Lab, which is not read here". */
export function unreadTiff(directory: TiffDirectory): string | undefined {
  const { values } = directory
  const photometric = photometrics[values.get(tiffTags.photometric)?.[0] ?? 0]
  if (photometric) return `a TIFF ${photometric}, which is not read here`
  const [format = 1] = values.get(tiffTags.sampleFormat) ?? []
  if (format === 2) return 'a TIFF of signed samples, which is not read here'
  if (format === 3) return 'a TIFF of floating-point samples, which is not read here'
  if (format > 4) return 'a TIFF of complex samples, which is not read here'
  const [bits = 1] = values.get(tiffTags.bits) ?? []
  if (![1, 2, 4, 8, 16].includes(bits))
    return `a TIFF of ${bits} bits a sample, which is not read here`
  return undefined
}

/** Why a TIFF that could not be decoded could not, where that is no damage. */
export function unreadCompression({ values }: TiffDirectory): string | undefined {
  const [compression = 1] = values.get(tiffTags.compression) ?? []
  if (readCompressions.has(compression)) return undefined
  const name = compressions[compression] ?? `method ${compression}`
  return `a TIFF compressed by ${name}, which is not read here`
}

/**
 * Which of the channels is transparency: null for none. The others beyond the colours, such as selections that
 * Photoshop keeps, are no part of the picture. A file that does not say leaves it to libvips, which takes the last.
 */
export function alphaChannel({ values }: TiffDirectory): number | null | undefined {
  const extra = values.get(tiffTags.extraSamples)
  if (!extra) return undefined
  const index = extra.findIndex((kind) => kind === 1 || kind === 2)
  const [samples = 1] = values.get(tiffTags.samples) ?? []
  return index === -1 ? null : samples - extra.length + index
}
