import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface LabelledPicture {
  readonly path: string
  /** Name of the class folder it lies in. */
  readonly label: string
}

const pictureFile = /\.(jpe?g|png|webp|gif|avif|tiff?)$/i

/** Every picture file below a folder, in a fixed order. */
export async function listPictures(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return names
    .filter((name) => pictureFile.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/**
 * The pictures of `folder/<class>/...`.
 *
 * @throws Error when nothing can be measured: fewer than two classes, or a class of one picture
 */
export async function readLabelledFolder(folder: string): Promise<LabelledPicture[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const classes = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  const pictures: LabelledPicture[] = []
  for (const { name } of classes.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const paths = await listPictures(join(folder, name))
    if (paths.length === 1) throw new Error(`${name} holds a single picture: nothing can match it.`)
    pictures.push(...paths.map((path) => ({ path, label: name })))
  }
  if (new Set(pictures.map(({ label }) => label)).size < 2) {
    throw new Error(
      `${folder} needs at least two folders with pictures in them: each folder is a class, and ` +
        'every picture is asked for the others of its class.',
    )
  }
  return pictures
}
