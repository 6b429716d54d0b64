import {
  LookalikeConnectionError,
  type Client,
  type ImportEstimate,
  type Info,
} from '@lookalike/sdk'
import { estimateOf } from '../costs.ts'
import { fileBytes, importSeconds, shapesFor, type Shape, type Wanted } from '../plan/capacity.ts'
import type { Session } from '../session.ts'
import { table } from '../terminal/table.ts'
import { facts } from './show.ts'

/** Of the built-in embedder, which a server has whose settings name no other. */
export const builtIn = { id: 'visual:3@224', dimensions: 224 }

export interface PlanOptions {
  images: number
  megabytes: number
  megapixels: number
  copies: number
  cores: number
}

/** Says what a library of so many pictures needs, with the embedder of the server, or the built-in one without a server. */
export async function planLibrary(
  { client, terminal, json }: Session,
  { cores, megabytes, ...options }: PlanOptions,
): Promise<void> {
  const { embedder, estimate } = await askServer(client, options.images)
  const wanted: Wanted = {
    ...options,
    dimensions: embedder.dimensions,
    originalBytes: megabytes * 1e6,
  }
  const shapes = shapesFor(wanted)
  const { originals, thumbnails } = fileBytes(wanted)
  const hours = importSeconds(wanted) / cores / 3600
  const models = estimate && {
    hours: estimate.estimated_minutes / 60,
    usd: estimate.estimated_usd,
    basis: estimate.basis,
  }
  if (json) {
    const plan = { embedder, shapes, files: { originals, thumbnails }, import_hours: hours, models }
    return terminal.out(`${JSON.stringify(plan, null, 2)}\n`)
  }
  await terminal.out(
    `${shapeTable(shapes, terminal.outColumns)}\n${facts({
      pictures: `${options.images.toLocaleString('en')} of ${options.megapixels} megapixels and ${megabytes} MB`,
      embedder: `${embedder.id} (${embedder.dimensions} dimensions)${embedder.assumed ? ': no server answers, so the built-in one is assumed' : ''}`,
      files: `${size(originals)} of originals, ${size(thumbnails)} of thumbnails`,
      import: `about ${duration(hours)} on ${cores} cores, embedding by this server included`,
      ...(models && {
        models: `${models.usd === null ? 'of unknown price' : `about $${Math.ceil(models.usd).toLocaleString('en')}`} and ${duration(models.hours)} at the pace the settings allow (${models.basis})`,
      }),
    })}\nThe first line is the one to begin with. Formulas, and which of their constants were measured: docs/scaling.md.\n`,
  )
}

interface Answered {
  embedder: { id: string; dimensions: number; assumed: boolean }
  /** Null where no model is paid. */
  estimate: ImportEstimate | null
}

async function askServer(client: Client, images: number): Promise<Answered> {
  let info: Info
  try {
    info = await client.info()
  } catch (error) {
    if (!(error instanceof LookalikeConnectionError)) throw error
    return { embedder: { ...builtIn, assumed: true }, estimate: null }
  }
  const { id, dimensions } = info.embedder
  return {
    embedder: { id, dimensions, assumed: false },
    estimate: await estimateOf(client, images),
  }
}

function shapeTable(shapes: Shape[], width: number): string {
  const right = (title: string) => ({ title, right: true })
  const columns = [
    { title: 'STORE' },
    right('MEMORY'),
    right('DISK'),
    { title: 'MACHINES' },
    { title: 'SETTINGS', stretch: true },
  ]
  const rows = shapes.map(({ store, memory, disk, machines, machineMemory, settings }) => [
    store,
    size(memory),
    size(disk),
    `${machines} of ${size(machineMemory)}`,
    settings.join(' '),
  ])
  return table(columns, rows, width)
}

/** Two digits are as much as an estimate knows. */
function size(bytes: number): string {
  const [unit, name] = bytes >= 1e12 ? [1e12, 'TB'] : bytes >= 1e9 ? [1e9, 'GB'] : [1e6, 'MB']
  const value = bytes / unit
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(2))} ${name}`
}

function duration(hours: number): string {
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} minutes`
  return hours < 48 ? `${Number(hours.toPrecision(2))} hours` : `${Math.round(hours / 24)} days`
}
