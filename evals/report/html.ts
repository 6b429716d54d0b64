import { decodeImage } from '../../server/src/images/decode.ts'
import { encodeJpeg } from '../../server/src/images/encode.ts'
import type { LabelledPicture } from '../labelled-folder.ts'
import type { Query } from '../retrieval.ts'
import type { Evaluation } from './evaluation.ts'
import { toTable } from './table.ts'

const queriesShown = 12
const neighboursShown = 7
const thumbnailEdge = 128

/**
 * A page that stands alone, pictures included: the tables, and contact sheets of the first
 * embedder's best and worst queries, each with its nearest pictures and whether they were right.
 */
export async function toHtml(
  pictures: readonly LabelledPicture[],
  evaluations: readonly Evaluation[],
): Promise<string> {
  const [first] = evaluations
  const byPrecision = first!.queries.toSorted((one, other) => other.ap - one.ap)
  const best = await sheet(pictures, byPrecision.slice(0, queriesShown))
  const worst = await sheet(pictures, byPrecision.toReversed().slice(0, queriesShown))
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Retrieval quality</title>
<style>${style}</style>
<h1>Retrieval quality</h1>
<pre>${escape(toTable(evaluations))}</pre>
<h2>Best queries of ${escape(first!.embedder)}</h2>
${best}
<h2>Worst queries of ${escape(first!.embedder)}</h2>
${worst}
</html>
`
}

async function sheet(pictures: readonly LabelledPicture[], queries: readonly Query[]) {
  const rows = await Promise.all(queries.map((query) => row(pictures, query)))
  return `<table>${rows.join('\n')}</table>`
}

async function row(pictures: readonly LabelledPicture[], query: Query): Promise<string> {
  const hits = query.nearest.slice(0, neighboursShown).map(async ({ index, score }) => {
    const hit = pictures[index]!
    const verdict = hit.label === query.label ? 'right' : 'wrong'
    return figure(hit, `${hit.label} ${score.toFixed(2)}`, verdict)
  })
  const asked = await figure(pictures[query.index]!, `${query.label}, AP ${query.ap.toFixed(2)}`)
  return `<tr>${asked}${(await Promise.all(hits)).join('')}</tr>`
}

async function figure({ path }: LabelledPicture, caption: string, verdict = 'query') {
  const jpeg = await encodeJpeg(await decodeImage(path, 200), {
    edge: thumbnailEdge,
    quality: 85,
  })
  const source = `data:image/jpeg;base64,${jpeg.toString('base64')}`
  const text = escape(caption)
  return `<td class="${verdict}"><img src="${source}" alt="${text}"><br>${text}</td>`
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

const style = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #1c1c1e; background: #fff }
pre { overflow-x: auto }
td { padding: 4px 6px; vertical-align: bottom; font-size: 12px; border-bottom: 4px solid #0000 }
td.query { padding-right: 24px; font-weight: 600 }
td.right { border-color: #2e8b57 }
td.wrong { border-color: #c0392b }
img { max-width: 128px; max-height: 128px }
`
