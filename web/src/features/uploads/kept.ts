import { createStore, delMany, entries, setMany } from 'idb-keyval'
import type { Upload } from './upload.ts'

/** Files are kept up to so many bytes together; of what is beyond that only the names are. */
const bytesAtMost = 512e6
const channelName = 'lookalike-uploads'
const answerMs = 250

type Kept = Omit<Upload, 'file'> & { file: Blob | null }

let keptBytes = 0
const sizes = new Map<string, number>()
const store = () => createStore('lookalike-uploads', 'uploads')

/** Writes down what there is to do, and the files with it, so that a reload goes on. */
export async function keep(uploads: readonly Upload[]): Promise<void> {
  const written = uploads.map((upload): [string, Kept] => {
    const fits = sizes.has(upload.key) || keptBytes + upload.size <= bytesAtMost
    if (fits && upload.file && !sizes.has(upload.key)) {
      sizes.set(upload.key, upload.size)
      keptBytes += upload.size
    }
    return [upload.key, { ...upload, file: fits ? upload.file : null }]
  })
  try {
    await setMany(written, store())
  } catch {
    // No room, or a private window: it lasts as long as the page.
  }
}

export async function forget(keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    keptBytes -= sizes.get(key) ?? 0
    sizes.delete(key)
  }
  await delMany([...keys], store()).catch(() => {})
}

/** What an earlier page left; null where another window has it in hand. */
export async function left(): Promise<Upload[] | null> {
  if (await isElsewhere()) return null
  try {
    const found = (await entries<string, Kept>(store())).map(([, { file, ...rest }]) => ({
      ...rest,
      file: file && new File([file], rest.name, { type: file.type }),
    }))
    for (const { key, size, file } of found) {
      if (!file) continue
      sizes.set(key, size)
      keptBytes += size
    }
    return found.toSorted((a, b) => a.order - b.order)
  } catch {
    return []
  }
}

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(channelName) : null
let mine = false

channel?.addEventListener('message', ({ data }) => {
  if (data === 'whose' && mine) channel.postMessage('mine')
})

/** From now on this window says so when another one asks. */
export function claim(): void {
  mine = true
}

function isElsewhere(): Promise<boolean> {
  if (!channel) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), answerMs)
    const listen = ({ data }: MessageEvent) => {
      if (data === 'mine') settle(true)
    }
    function settle(elsewhere: boolean) {
      clearTimeout(timer)
      channel!.removeEventListener('message', listen)
      resolve(elsewhere)
    }
    channel.addEventListener('message', listen)
    channel.postMessage('whose')
  })
}
