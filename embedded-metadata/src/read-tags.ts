/** No more of a text, and no more keywords, than a person writes: a file may hold megabytes of either. */
const maxText = 8000
const maxKeywords = 500

/** Text has neither NUL nor half characters. */
export type EmbeddedMetadata = { [key: string]: string | number | string[] }

/**
 * What bytes of a picture, or of an XMP sidecar, say in EXIF, IPTC and XMP: `taken`, `camera`, `latitude`, `longitude`,
 * `keywords`, `title`, `caption` and `rating`, as far as they do. What cannot be read says nothing.
 */
export async function readTags(bytes: Buffer): Promise<EmbeddedMetadata> {
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
  const found = [...new Set([...all, ...more].map(plain).filter(Boolean))].slice(0, maxKeywords)
  return found.length > 0 ? found : undefined
}

function rating({ xmp, exif }: Tags): number | undefined {
  const value = Number(text(xmp?.['Rating']) ?? text(exif?.['Rating']) ?? NaN)
  return Number.isFinite(value) ? value : undefined
}

function text(tag: Tag | Tag[] | undefined): string | undefined {
  const [first] = [tag].flat()
  return first ? plain(first.description) || undefined : undefined
}

function plain(written: unknown): string {
  return String(written).replaceAll('\0', '').trim().slice(0, maxText).toWellFormed()
}

function withoutEmpty(
  entries: Record<string, EmbeddedMetadata[string] | undefined>,
): EmbeddedMetadata {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  ) as EmbeddedMetadata
}
