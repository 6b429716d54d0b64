import type { OpenAPIV3_1 } from 'openapi-types'

type Schemas = Record<string, object>

const prefix = '#/components/schemas/'

/**
 * Gives every shape of the document one name. The type provider makes two components of each, `Shape` as it
 * is answered and `ShapeInput` as it is taken, also of those that only ever travel one way. Those that
 * nothing refers to go, and one that is alone, or says the same as the other, has the shape's own name.
 */
export function nameComponents(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const all = document.components!.schemas as Schemas
  const used = referredTo(document.paths, all)
  const nameOf = (name: string) => {
    const own = name.replace(/Input$/, '')
    const isAlone = !used.has(own) || expanded(own, all) === expanded(name, all)
    return own in all && isAlone ? own : name
  }
  const schemas = Object.fromEntries([...used].toSorted().map((name) => [nameOf(name), all[name]]))
  const named = { ...document, components: { ...document.components, schemas } }
  return JSON.parse(JSON.stringify(named), (key, value: unknown) =>
    key === '$ref' ? prefix + nameOf(refOf(value)!) : value,
  ) as OpenAPIV3_1.Document
}

/** The components that a part of the document refers to, through others as well. */
function referredTo(part: unknown, all: Schemas, found = new Set<string>()): Set<string> {
  JSON.stringify(part, (key, value: unknown) => {
    const name = key === '$ref' ? refOf(value) : undefined
    if (name !== undefined && !found.has(name)) referredTo(all[name], all, found.add(name))
    return value
  })
  return found
}

/** A component as text, with all that it refers to. */
function expanded(name: string, all: Schemas, within: readonly string[] = []): string {
  if (within.includes(name)) return name.replace(/Input$/, '')
  return JSON.stringify(all[name], (key, value: unknown) =>
    key === '$ref' ? expanded(refOf(value)!, all, [...within, name]) : value,
  )
}

function refOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith(prefix)
    ? value.slice(prefix.length)
    : undefined
}
