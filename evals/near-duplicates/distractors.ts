import { decodeImage } from '../../server/src/images/decode.ts'
import { listPictures } from '../labelled-folder.ts'
import { differenceHash, isSamePicture } from './same-picture.ts'

/**
 * The pictures below `folder` that are no copy of any of `pictures`: a copy would be a second right
 * answer in an evaluation, and in training it would have shown the answers beforehand.
 */
export async function picturesApartFrom(
  folder: string,
  pictures: readonly string[],
): Promise<string[]> {
  const known = await hashesOf(pictures)
  const candidates = await listPictures(folder)
  const hashes = await hashesOf(candidates)
  return candidates.filter((_, index) => !known.some((hash) => isSamePicture(hash, hashes[index]!)))
}

async function hashesOf(paths: readonly string[]): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = []
  for (const path of paths) hashes.push(await differenceHash(await decodeImage(path, 200)))
  return hashes
}
