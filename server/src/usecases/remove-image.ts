import type { Parts } from './parts.ts'
import { unknownImage } from './unknown-image.ts'

/** Takes an image out of the library; its file goes too, unless another record shares it. */
export async function removeImage(parts: Parts, id: string): Promise<void> {
  await parts.locks.run(id, async () => {
    const [record] = await parts.store.get([id])
    if (!record || (await parts.store.delete([id])) === 0) throw unknownImage(id)
    if (record.file) await removeUnusedFile(parts, record.file.sha256)
  })
}

/** Deletes the file of that content hash once no record refers to it any more. */
export async function removeUnusedFile(parts: Parts, sha256: string): Promise<void> {
  await parts.locks.run(sha256, async () => {
    const users = await parts.store.findByContentHash([sha256])
    if (users.length === 0) await parts.files.delete(sha256)
  })
}
