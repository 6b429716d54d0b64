import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { loadConfig } from '../server/src/config.ts'
import type { Embedder } from '../server/src/embedders/embedder.ts'
import { embedderNames, modelSettings, openByName } from './embedders.ts'
import { evaluate } from './evaluate.ts'
import { measureFeedback } from './feedback/measure.ts'
import { feedbackJson, feedbackTable } from './feedback/report.ts'
import { readLabelledFolder } from './labelled-folder.ts'
import { findDoubles } from './near-duplicates/doubles.ts'
import { picturesApartFrom } from './near-duplicates/distractors.ts'
import type { Evaluation } from './report/evaluation.ts'
import { toHtml } from './report/html.ts'
import { toJson } from './report/json.ts'
import { toTable } from './report/table.ts'

const usage = `npm run eval -- <folder of class folders> [options]

  --embedder NAME    what to measure; again for each one to compare with. Default: visual
                     (${embedderNames.join(', ')})
  --model NAME       another model than the settings name, for the first embedder that has several (local, server,
                     openai); again for the next of them
  --copies N         how many pictures to change (resize, crop, rotate ...) and find again.
                     Default: 100; each costs seven embeddings; 0 leaves this out
  --gallery FOLDER   pictures to hide the originals among
  --doubles FILE     which of all these are the same picture: a line for each, with the ends of its files'
                     paths. A copy that finds its original's double has found it
  --feedback         not a folder of classes, but the judgements that people kept on the page or by POST
                     /api/feedback: <DATA_DIR>, or that of the settings, while no server has it open. Each
                     --embedder is compared with the library's own vectors
  --json FILE        the figures for a program
  --html FILE        the figures with contact sheets of the best and the worst queries`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    embedder: { type: 'string', multiple: true },
    model: { type: 'string', multiple: true, default: [] },
    feedback: { type: 'boolean', default: false },
    copies: { type: 'string', default: '100' },
    gallery: { type: 'string' },
    doubles: { type: 'string' },
    json: { type: 'string' },
    html: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const [folder] = positionals
const copies = Number(values.copies)
if (values.help || (!folder && !values.feedback) || !Number.isInteger(copies) || copies < 0) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

if (existsSync('.env')) process.loadEnvFile('.env')
try {
  await (values.feedback ? feedback(folder) : main(folder!))
} catch (error) {
  // What goes wrong here is about the reader's folder or flags: the message says it, a stack does not.
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

async function main(folder: string): Promise<void> {
  const pictures = await readLabelledFolder(folder)
  const embedders = await openAll(values.embedder ?? ['visual'], values.model)
  const paths = pictures.map(({ path }) => path)
  const hidden = values.gallery && copies > 0
  const distractors = hidden ? await picturesApartFrom(values.gallery!, paths) : []
  const list = values.doubles && copies > 0 ? await readFile(values.doubles, 'utf8') : ''
  const doubles = findDoubles(list, [...paths, ...distractors])
  const evaluations: Evaluation[] = []
  for (const embedder of embedders) {
    evaluations.push(await evaluate(pictures, embedder, { copies, distractors, doubles }))
  }
  console.log(toTable(evaluations))
  if (values.json) await writeFile(values.json, toJson(evaluations))
  if (values.html) await writeFile(values.html, await toHtml(pictures, evaluations))
}

/** @param dataDir that of the settings when absent */
async function feedback(dataDir: string | undefined): Promise<void> {
  const config = loadConfig({ ...process.env, ...(dataDir && { DATA_DIR: dataDir }) })
  const report = await measureFeedback(config, values.embedder ?? [])
  console.log(feedbackTable(report))
  if (values.json) await writeFile(values.json, feedbackJson(report))
}

/** Models go to those that have several, in order. */
function openAll(names: string[], models: string[]): Promise<Embedder[]> {
  const left = [...models]
  const opened = names.map((name) =>
    openByName(name, name in modelSettings ? left.shift() : undefined),
  )
  if (left.length > 0) throw new Error(`--model ${left[0]}: there is no --embedder that it is for.`)
  return Promise.all(opened)
}
