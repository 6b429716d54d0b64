import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { picture } from '../support/pictures.ts'
import { comparedGroups, getHealth, getJson, startServer } from '../support/server.ts'

/**
 * Makes an archive of a whole DATA_DIR, small enough to be kept: what later versions must open without loss.
 * `node server/test/starting/make-library.ts made-by-VERSION-COMMIT.tgz`, once for each release.
 */
const [archive] = process.argv.slice(2)
if (!archive) throw new Error('Name the archive.')
const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
const server = await startServer({ DATA_DIR: folder })
const uri = (name: string) => `https://example.org/${name}`

const colours = ['red', 'green', 'blue', 'grey', 'sand', 'white']
for (const [n, colour] of colours.entries()) {
  // The first is its own thumbnail; the last is the one before it once more, in another format.
  const size = n === 0 ? [200, 150] : [480, 360]
  const made = picture(Math.min(n, colours.length - 2), ...size)
  const file = await (
    n % 2 === 0 ? made.jpeg({ quality: 80 }) : made.webp({ quality: 70 })
  ).toBuffer()
  const metadata = JSON.stringify({ n, colour, tags: ['made', colour] })
  const { status } = await server.index(file, { image_uri: uri(colour), metadata })
  if (status !== 201) throw new Error(`${colour} was answered with ${status}`)
}
const body = `INSERT DATA { GRAPH <urn:lookalike:graph:people> { <${uri('red')}> <${uri('likes')}> <${uri('blue')}> } }`
const headers = { 'content-type': 'application/sparql-update' }
const said = await fetch(`${server.url}/api/kg/update`, { method: 'POST', headers, body })
if (!said.ok) throw new Error(`the graph answered with ${said.status}`)
await comparedGroups(server.url)
while ((await getJson<{ phase: string }>(`${server.url}/api/map`)).body.phase !== 'ready')
  await setTimeout(50)
for (;;) {
  const { checks } = (await getHealth(server.url)).body
  if (checks.store.status === 'ok' && checks.graph?.status === 'ok') break
  await setTimeout(50)
}
await server.stop()
execFileSync('tar', ['-czSf', archive, '-C', folder, '--exclude=reserve', '--exclude=servers', '.'])
await rm(folder, { recursive: true, force: true })
