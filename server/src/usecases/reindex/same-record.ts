import { isDeepStrictEqual } from 'node:util'
import type { ImageRecord } from '../../stores/image-store.ts'

/** Whether the picture is the one that was made over: nobody indexed another under its URI since. */
export function isSamePicture(
  before: ImageRecord,
  after: ImageRecord,
  keepDescriptions: boolean,
): boolean {
  return (
    before.imageUri === after.imageUri &&
    before.file?.sha256 === after.file?.sha256 &&
    before.indexedAt === after.indexedAt &&
    (!keepDescriptions || !before.description || before.description === after.description)
  )
}

/** Whether all that the library says of a picture is said of it in the new one. */
export function isSameRecord(
  before: ImageRecord,
  after: ImageRecord,
  keepDescriptions: boolean,
): boolean {
  return (
    isSamePicture(before, after, keepDescriptions) &&
    isDeepStrictEqual(before.file, after.file) &&
    isDeepStrictEqual(before.metadata, after.metadata)
  )
}
