import { createClient, type ImageRecord, type ReindexStatus } from '@lookalike/sdk'
import { expect, vi } from 'vitest'
import { jpeg } from './pictures.ts'
import { getJson, postForm, sendJson } from './server.ts'

/** For `vi.waitFor` and `vi.waitUntil`, which else give up after a second. */
export const patiently = { timeout: 20_000 }

/** The image URI of the picture of that seed. */
export function uri(seed: number): string {
  return `http://example.org/${seed}`
}

/** Indexes the pictures of the seeds 0, 1, ..., in whatever order. */
export async function fill(url: string, count: number): Promise<void> {
  const index = async (_: unknown, seed: number) => {
    const fields = { image_uri: uri(seed), metadata: JSON.stringify({ seed }) }
    const { status } = await postForm(`${url}/api/images/index`, await jpeg(seed, 64, 48), fields)
    expect(status).toBe(201)
  }
  await Promise.all(Array.from({ length: count }, index))
}

/** All records by URI. */
export async function recordsAt(url: string): Promise<Map<string, ImageRecord>> {
  const { images } = await createClient({ baseUrl: url }).list({ limit: 1000 })
  expect(new Set(images.map(({ id }) => id)).size).toBe(images.length)
  return new Map(images.map((image) => [image.image_uri, image]))
}

export function postReindex(url: string, body: object = {}) {
  return sendJson<ReindexStatus>('POST', `${url}/api/reindex`, body)
}

export async function statusAt(url: string): Promise<ReindexStatus> {
  return (await getJson<ReindexStatus>(`${url}/api/reindex`)).body
}

/** Starts a re-index and waits until it ends, in whatever way. */
export async function reindex(url: string, body: object = {}): Promise<ReindexStatus> {
  expect((await postReindex(url, body)).status).toBe(202)
  return ended(url)
}

export async function ended(url: string): Promise<ReindexStatus> {
  await vi.waitUntil(async () => (await statusAt(url)).state !== 'running', { timeout: 20_000 })
  return statusAt(url)
}
