import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Dataset } from './dataset.ts'
import { engines, usualEngines } from './engines/index.ts'
import { embedPhotographs, type KindName, kinds } from './kinds.ts'
import type { Measured } from './measure.ts'
import { markdown, type Run } from './report.ts'

const dataFolder = join(import.meta.dirname, '../.data')

/**
 * `npm run bench -- store [--sizes 10k,100k,1m] [--data clustered|photos|hard]
 * [--pictures folder,folder] [--engines lookalike,zvec,...] [--json file]`:
 * the embedded store beside its rivals, and where TEST_QDRANT_URL leads somewhere the Qdrant store beside bare REST. Prints a Markdown table; `--json` keeps the figures.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: 'string', default: '10k,100k' },
      engines: { type: 'string', default: usualEngines.join() },
      data: { type: 'string', default: 'clustered' },
      pictures: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const names = values.engines.split(',')
  const unknown = names.filter((name) => !(name in engines))
  if (unknown.length > 0) {
    throw new Error(`No such engine: ${unknown.join()}. There are ${Object.keys(engines).join()}.`)
  }
  const kind = readKind(values.data)
  if (kind === 'photos') await embedPhotographs(values.pictures?.split(',') ?? [], dataFolder)
  const runs: Run[] = []
  const machine = `${cpus().length} cores of ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  for (const size of values.sizes.split(',').map(readSize)) {
    console.error(`${size} vectors: making them and their true neighbours, once`)
    Dataset.open(size, dataFolder, kind)
    for (const engine of names) {
      console.error(`${size} vectors: ${engine}`)
      runs.push({ size, engine, ...(await measureApart(engine, size, kind)) })
      // Written as it grows: a run of an hour must not lose its figures to what ends it.
      if (values.json) writeFileSync(values.json, JSON.stringify({ machine, runs }, null, 2))
    }
  }
  console.log(markdown(runs, machine))
}

function readKind(text: string): KindName {
  if (text in kinds) return text as KindName
  throw new Error(`No such data: ${text}. There are ${Object.keys(kinds).join()}.`)
}

function readSize(text: string): number {
  const [, digits, unit] = /^(\d+)([km]?)$/i.exec(text.trim()) ?? []
  if (!digits) throw new Error(`${text} is no size: write 10k, 100k or 1m.`)
  return Number(digits) * { '': 1, k: 1000, m: 1_000_000 }[unit!.toLowerCase() as '' | 'k' | 'm']
}

/** A process of its own for each, so that peak memory is the engine's and a crash ends one row. */
function measureApart(
  engine: string,
  size: number,
  kind: KindName,
): Promise<Pick<Run, 'measured' | 'problem'>> {
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'measure.ts'), [
      engine,
      `${size}`,
      dataFolder,
      kind,
    ])
    child.once('message', (message: Measured | { absent: string }) => {
      resolve('absent' in message ? { problem: message.absent } : { measured: message })
    })
    child.once('exit', (code, signal) => resolve({ problem: `ended with ${signal ?? code}` }))
  })
}
