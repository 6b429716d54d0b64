import type { Session } from '../session.ts'
import { facts } from './show.ts'

/** Tells what runs there; ends with 1 where the store is away, so that scripts can ask. */
export async function showStatus({ client, terminal, json, fail }: Session): Promise<void> {
  const info = await client.info()
  const health = await client.health()
  if (health.status === 'unavailable') fail()
  if (json) return terminal.out(`${JSON.stringify({ ...info, health }, null, 2)}\n`)
  const { limits, embedder } = info
  await terminal.out(
    facts({
      server: `${info.name} ${info.version}`,
      images: info.images,
      embedder: `${embedder.id} (${embedder.dimensions} dimensions)`,
      'text search': embedder.text ? 'yes' : 'no',
      store: `${info.store}: ${health.checks.store.status}. ${health.checks.store.detail}`,
      limits: `${limits.max_upload_mb} MB, ${limits.max_megapixels} megapixels, ${limits.formats.join(' ')}`,
    }),
  )
}
