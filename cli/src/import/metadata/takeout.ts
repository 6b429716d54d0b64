import type { Json, Metadata } from '@lookalike/sdk'

type JsonObject = { [key: string]: Json }

/** Google shortens the names of these files to this, `.json` not counted. */
const maxName = 46
const suffix = '.supplemental-metadata'

/** Whether a JSON file is what Google Takeout puts beside a picture. */
export function isTakeout(entry: JsonObject): boolean {
  return isObject(entry['photoTakenTime']) || (isObject(entry['geoData']) && 'title' in entry)
}

/** What it says: `taken`, `caption`, `latitude`, `longitude`, `people`, `favorite`. */
export function readTakeout(entry: JsonObject): Metadata {
  const metadata: Metadata = {}
  const time = isObject(entry['photoTakenTime'])
    ? Number(entry['photoTakenTime']['timestamp'])
    : NaN
  if (Number.isFinite(time)) metadata['taken'] = new Date(time * 1000).toISOString().replace('.000', '') // prettier-ignore
  const caption = entry['description']
  if (typeof caption === 'string' && caption.trim()) metadata['caption'] = caption.trim()
  const geo = [entry['geoData'], entry['geoDataExif']].find((one) => isObject(one) && (one['latitude'] || one['longitude'])) // prettier-ignore
  if (isObject(geo)) {
    metadata['latitude'] = geo['latitude'] ?? null
    metadata['longitude'] = geo['longitude'] ?? null
  }
  const people = Array.isArray(entry['people']) ? entry['people'] : []
  const names = people.flatMap((one) => (isObject(one) && typeof one['name'] === 'string' ? one['name'] : [])) // prettier-ignore
  if (names.length > 0) metadata['people'] = names
  if (entry['favorited'] === true) metadata['favorite'] = true
  return metadata
}

/**
 * Which of a folder's files Google wrote for a picture: `a.jpg.json`, `a.jpg.supplemental-metadata.json` or a
 * beginning of that; `a(1).jpg` has `a.jpg(1).json`, and `a-edited.jpg` that of `a.jpg`.
 */
export function takeoutOf(picture: string, names: readonly string[]): string | undefined {
  const [, stem = picture, number = '', extension = ''] = /^(.*?)(\(\d+\))?(\.[^.]+)$/s.exec(picture) ?? [] // prettier-ignore
  const titles = [stem, stem.replace(/-[^-]+$/, '')].map((title) => title + extension)
  for (const title of titles) {
    const found = names.find((name) => {
      if (!name.toLowerCase().endsWith('.json')) return false
      const bare = name.slice(0, -'.json'.length)
      const isNumbered = number !== '' && bare.endsWith(number)
      if (number !== '' && !isNumbered) return false
      const begun = isNumbered ? bare.slice(0, -number.length) : bare
      return begun === title || begun === title.slice(0, maxName) || (begun.startsWith(`${title}.`) && `${title}${suffix}`.startsWith(begun)) // prettier-ignore
    })
    if (found) return found
  }
  return undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
