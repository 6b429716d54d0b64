import { open } from 'node:fs/promises'
import type { Metadata } from '@lookalike/sdk'

/** What cameras and programs write stands near the beginning. */
const readBytes = 1 << 19

/**
 * What a picture says of itself in EXIF, IPTC and XMP: `taken`, `camera`, `latitude`, `longitude`, `keywords`, `title`,
 * `caption` and `rating`, as far as it does. What cannot be read says nothing.
 */
export async function readEmbedded(path: string): Promise<Metadata> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytes), 0, readBytes, 0)
  return readTags(buffer.subarray(0, bytesRead))
}

/** The same of bytes, which may be those of an XMP sidecar. */
export async function readTags(bytes: Buffer): Promise<Metadata> {
  const [{ default: reader }, { DOMParser }] = await Promise.all([
    import('exifreader'),
    import('@xmldom/xmldom'),
  ])
  const quiet = { onError: () => {} }
  let tags: Tags
  try {
    tags = reader.load(bytes, {
      expanded: true,
      domParser: new DOMParser(quiet),
      includeTags: { exif: true, iptc: true, xmp: true, gps: true },
    }) as Tags
  } catch {
    return {}
  }
  return withoutEmpty({
    taken: taken(tags),
    camera: camera(tags),
    ...place(tags),
    keywords: keywords(tags),
    title: text(tags.xmp?.['title']) ?? text(tags.iptc?.['Object Name']),
    caption: text(tags.xmp?.['description']) ?? text(tags.iptc?.['Caption/Abstract']),
    rating: rating(tags),
  })
}

interface Tag {
  readonly value: unknown
  readonly description: string
}
type Group = Record<string, Tag | Tag[] | undefined>

interface Tags {
  readonly exif?: Group
  readonly iptc?: Group
  readonly xmp?: Group
  readonly gps?: { readonly Latitude?: number; readonly Longitude?: number }
}

/** As ISO 8601, in the camera's own time, with its distance from UTC where the file has it. */
function taken({ exif, xmp }: Tags): string | undefined {
  const written = text(exif?.['DateTimeOriginal']) ?? text(xmp?.['DateTimeOriginal']) ?? text(xmp?.['DateCreated']) // prettier-ignore
  const [, year, month, day, time] = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d(?::\d\d)?)/.exec(written ?? '') ?? [] // prettier-ignore
  if (!year || year === '0000') return undefined
  const offset = text(exif?.['OffsetTimeOriginal']) ?? ''
  return `${year}-${month}-${day}T${time}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : ''}`
}

function camera({ exif, xmp }: Tags): string | undefined {
  const make = text(exif?.['Make']) ?? text(xmp?.['Make']) ?? ''
  const model = text(exif?.['Model']) ?? text(xmp?.['Model']) ?? ''
  // Many makers repeat themselves in the model.
  return (model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`.trim()) || undefined // prettier-ignore
}

function place({ gps }: Tags): { latitude?: number; longitude?: number } {
  const { Latitude: latitude, Longitude: longitude } = gps ?? {}
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return {}
  const rounded = (degrees: number) => Math.round(degrees * 1e6) / 1e6
  // Cameras without a fix write zeros.
  return latitude === 0 && longitude === 0 ? {} : { latitude: rounded(latitude!), longitude: rounded(longitude!) } // prettier-ignore
}

function keywords({ iptc, xmp }: Tags): string[] | undefined {
  const subject = xmp?.['subject']
  const inXmp = subject && !Array.isArray(subject) ? [subject.value].flat() : []
  const all = [iptc?.['Keywords'] ?? []].flat().map((tag) => tag.description)
  const more = inXmp.map((entry) =>
    typeof entry === 'string' ? entry : (entry as Tag).description,
  )
  const found = [...new Set([...all, ...more].map((word) => word.trim()).filter(Boolean))]
  return found.length > 0 ? found : undefined
}

function rating({ xmp, exif }: Tags): number | undefined {
  const value = Number(text(xmp?.['Rating']) ?? text(exif?.['Rating']) ?? NaN)
  return Number.isFinite(value) ? value : undefined
}

function text(tag: Tag | Tag[] | undefined): string | undefined {
  const [first] = [tag].flat()
  return first ? String(first.description).replaceAll('\0', '').trim() || undefined : undefined
}

function withoutEmpty(entries: Record<string, Metadata[string] | undefined>): Metadata {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  ) as Metadata
}
