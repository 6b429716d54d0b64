import { stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** What is found is looked at again when the file was written meanwhile: a page may have been read halfway. */
const maxAttempts = 3

/**
 * Looks through a database for damaged pages, in a thread, while it is used: it is read past all locks, as it was at
 * the last checkpoint. Null where nothing was found, and where it cannot be told because the file never stands still.
 */
export async function checkPages(path: string, signal: AbortSignal): Promise<string | null> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await stat(path)
    const found = await runCheck(path, signal)
    if (found === null) return null
    const after = await stat(path)
    if (before.mtimeMs === after.mtimeMs && before.size === after.size) return found
  }
  return null
}

function runCheck(path: string, signal: AbortSignal): Promise<string | null> {
  signal.throwIfAborted()
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  const worker = new Worker(new URL('./check-pages-worker.ts', import.meta.url), {
    workerData: url.href,
  })
  worker.unref()
  return new Promise((resolve, reject) => {
    const end = () => void worker.terminate()
    signal.addEventListener('abort', end, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => {
      signal.removeEventListener('abort', end)
      reject(signal.aborted ? signal.reason : new Error('the thread ended'))
    })
  })
}
