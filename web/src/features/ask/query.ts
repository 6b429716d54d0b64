import type { Client, ImageRecord, Info } from '@lookalike/sdk'
import type { Question } from '../../address/question.ts'
import type { Strings } from '../../strings/strings.ts'
import { isSha256, keptFile } from './chosen-files.ts'

type Advice = (t: Strings['ask'], format: Strings['format']) => string

/** The picture to find lookalikes of: one from outside, or one the library already holds. */
export type PictureQuery =
  | FileQuery
  | { kind: 'link'; url: string }
  | { kind: 'stored'; id: string; uri: string; thumbnailUrl: string | null }

interface FileQuery {
  kind: 'file'
  file: File
  advice: Advice | null
}

/** A picture, or words in place of one. */
export type Query = PictureQuery | { kind: 'text'; text: string }

/** The address names a picture that only the window knew in which it was chosen. */
export class PictureElsewhere extends Error {}

/** What a question from the address stands for. */
export async function queryOf(
  { words, like, picture }: Question,
  client: Client,
  signal: AbortSignal,
): Promise<Query> {
  if (words) return { kind: 'text', text: words }
  if (like) return storedQuery(await client.get(like, { signal }))
  if (isLink(picture)) return { kind: 'link', url: picture }
  const file = keptFile(picture)
  if (file) return { kind: 'file', file, advice: null }
  const [record] = isSha256(picture) ? await client.lookup([picture], { signal }) : []
  if (!record) throw new PictureElsewhere()
  return storedQuery(record)
}

/** Whether words are the address of a picture rather than what it shows. */
export function isLink(words: string): boolean {
  return /^https?:\/\/\S+$/i.test(words) && URL.canParse(words)
}

export function storedQuery(image: ImageRecord): PictureQuery {
  return {
    kind: 'stored',
    id: image.id,
    uri: image.image_uri,
    thumbnailUrl: image.thumbnail_url,
  }
}

export function fileQuery(file: File, limits: Info['limits'] | undefined): FileQuery {
  return { kind: 'file', file, advice: adviseOn(file, limits) }
}

/** What is likely to go wrong with a file, said before it is sent. The server decides all the same. */
function adviseOn(file: File, limits: Info['limits'] | undefined): Advice | null {
  if (file.size === 0) return (t) => t.advice.empty
  // The browser guesses the type from the name, and knows none for some pictures.
  if (file.type && !file.type.startsWith('image/')) {
    const formats = limits?.formats.map((format) => format.toUpperCase()).join(', ')
    return (t) => t.advice.noPicture(formats)
  }
  if (limits && file.size > limits.max_upload_mb * 2 ** 20) {
    return (t, format) =>
      t.advice.tooBig(format.fileSize(file.size), format.number(limits.max_upload_mb))
  }
  return null
}
