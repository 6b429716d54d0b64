import type { OpenAPIV3_1 } from 'openapi-types'

type Schema = Record<string, unknown>
type Media = { schema?: Schema; example?: unknown }
type Content = Record<string, Media>
interface Operation {
  requestBody?: { required: boolean; content: Content }
  responses: Record<string, { content?: Content }>
}

/**
 * Says in each operation what its shapes say: an example, and whether a body may be left out. Unions become
 * `anyOf`, which every generator of clients knows.
 */
export function finish(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const schemas = document.components!.schemas as Record<string, Schema>
  for (const operations of Object.values(document.paths!)) {
    for (const operation of Object.values(operations!) as Operation[]) {
      const { requestBody, responses } = operation
      if (requestBody) finishBody(requestBody)
      const contents = [requestBody, ...Object.values(responses)].map((each) => each?.content ?? {})
      for (const media of contents.flatMap((content) => Object.values(content))) {
        addExample(media, schemas)
      }
    }
  }
  return JSON.parse(JSON.stringify(document), spellUnion) as OpenAPIV3_1.Document
}

/** A body that may be null may be left out: null is how no body arrives. */
function finishBody(body: NonNullable<Operation['requestBody']>): void {
  for (const media of Object.values(body.content)) {
    const choices = media.schema?.['anyOf'] as Schema[] | undefined
    const given = choices?.filter(({ type }) => type !== 'null')
    if (given?.length !== 1 || given.length === choices!.length) continue
    media.schema = given[0]!
    body.required = false
  }
}

function addExample(media: Media, schemas: Record<string, Schema>): void {
  const reference = media.schema?.['$ref']
  const shape = typeof reference === 'string' ? schemas[reference.split('/').at(-1)!] : media.schema
  const [example] = (shape?.['examples'] ?? []) as unknown[]
  if (example !== undefined) media.example ??= example
  if (shape === media.schema) delete media.schema?.['examples']
}

/** `type: [string, number]` as `anyOf`; with null alone it stays, as the short form of what may be absent. */
function spellUnion(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || key === 'example' || key === 'examples') {
    return value
  }
  const { type, anyOf, ...rest } = value as Schema
  if (Array.isArray(type) && type.filter((each) => each !== 'null').length > 1) {
    return { ...rest, anyOf: type.map((each: unknown) => ({ type: each })) }
  }
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return value
  const [given, absent] = anyOf as Schema[]
  if (absent?.['type'] !== 'null' || typeof given?.['type'] !== 'string') return value
  const nullable = { ...given, ...rest, type: [given['type'], 'null'] }
  const values = given['enum']
  return Array.isArray(values) ? { ...nullable, enum: [...(values as unknown[]), null] } : nullable
}
