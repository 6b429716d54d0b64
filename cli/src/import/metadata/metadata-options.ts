import { basename, dirname, extname, relative } from 'node:path'
import type { Json, Metadata } from '@lookalike/sdk'
import { usageError } from '../../failure.ts'
import { isKept } from './details.ts'
import type { FileSource, Source } from '../finding/sources.ts'

/** What `{...}` in `--metadata key={...}` stands for. */
const placeholders: Record<string, (source: FileSource) => string> = {
  dir: ({ path }) => basename(dirname(path)),
  path: ({ path, root }) => relative(root, path),
  name: ({ path }) => basename(path, extname(path)),
  ext: ({ path }) => extname(path).slice(1).toLowerCase(),
}

const placeholder = /\{(\w+)\}/g

/** Makes the metadata that `--metadata` asks for. */
export type MetadataMaker = (source: Source) => Metadata

/**
 * Reads `key=value` options. A plain value that is a JSON number, `true` or `false` becomes one, so
 * that ranges can be searched; what comes out of a placeholder stays text.
 *
 * @throws CommandError for an option that cannot be read
 */
export function readMetadataOptions(options: string[]): MetadataMaker {
  const makers = options.map((option) => {
    const at = option.indexOf('=')
    if (at < 1) throw usageError(`--metadata ${option}: write key=value, such as category={dir}.`)
    const template = option.slice(at + 1)
    for (const [, name] of template.matchAll(placeholder)) checkPlaceholder(name!)
    return { key: option.slice(0, at), template }
  })
  return (source) =>
    Object.fromEntries(makers.map(({ key, template }) => [key, valueOf(template, source)]))
}

/** A number that is kept as it is written, `true` or `false` where the text is exactly that in JSON; else the text. */
export function typedValue(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true'
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return text
  return isKept(Number(text), text) ? Number(text) : text
}

function valueOf(template: string, source: Source): Json {
  if (template.search(placeholder) === -1) return typedValue(template)
  const file = 'url' in source ? { path: new URL(source.url).pathname, root: '/' } : source
  return template.replaceAll(placeholder, (_, name: string) => placeholders[name]!(file))
}

function checkPlaceholder(name: string): void {
  if (Object.hasOwn(placeholders, name)) return
  const known = Object.keys(placeholders).map((one) => `{${one}}`)
  throw usageError(`--metadata knows no {${name}}; there are ${known.join(', ')}.`)
}
