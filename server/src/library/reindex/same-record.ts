import { isDeepStrictEqual } from 'node:util'
import type { ImageRecord } from '../../records/record.ts'
import { keepsWords, type WayParts } from './source.ts'

/** Whether what was made over is what is there now: nobody indexed another picture or brought a file since. */
export function isSamePicture(
  before: ImageRecord,
  after: ImageRecord,
  parts: Pick<WayParts, 'keepDescriptions'>,
): boolean {
  return (
    before.imageUri === after.imageUri &&
    before.file?.sha256 === after.file?.sha256 &&
    before.file?.missing === after.file?.missing &&
    before.indexedAt === after.indexedAt &&
    before.describedBy === after.describedBy &&
    (!keepsWords(before, parts) || before.description === after.description)
  )
}

/** Whether all that the library says of a picture is said of it in the new one. */
export function isSameRecord(
  before: ImageRecord,
  after: ImageRecord,
  parts: Pick<WayParts, 'keepDescriptions'>,
): boolean {
  return (
    isSamePicture(before, after, parts) &&
    isDeepStrictEqual(before.file, after.file) &&
    isDeepStrictEqual(before.metadata, after.metadata)
  )
}
