import type { Parts } from './deps.ts'
import { unknownImage } from './unknown-image.ts'

/** Takes an image out of the library; its file goes too, unless another record shares it. */
export async function removeImage(parts: Parts, id: string): Promise<void> {
  await parts.locks.run(id, async () => {
    const [record] = await parts.store.get([id])
    if (!record || (await parts.store.delete([id])) === 0) throw unknownImage(id)
    if (record.file) await removeUnusedFiles(parts, [record.file.sha256])
  })
}

/** Deletes the files of those content hashes that no record refers to any more. */
export async function removeUnusedFiles(parts: Parts, hashes: string[]): Promise<void> {
  if (hashes.length === 0) return
  await parts.locks.runAll(hashes, async () => {
    const users = await parts.store.findByContentHash(hashes)
    const used = new Set(users.map(({ file }) => file?.sha256))
    for (const sha256 of new Set(hashes)) {
      if (!used.has(sha256)) await parts.files.delete(sha256)
    }
  })
}
