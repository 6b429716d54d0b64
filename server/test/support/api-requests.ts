import fc from 'fast-check'

/** As much of a JSON Schema as this API's description uses. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Schema[]
  format?: string
  pattern?: string
  contentMediaType?: string
  minimum?: number
  maximum?: number
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
}

export interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  parameters?: {
    name: string
    in: 'path' | 'query'
    description?: string
    required?: boolean
    schema: Schema
  }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema; example?: unknown }> }>
}

export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>
}

/** A call of the API that may be right or wrong in any of its parts. */
export interface ApiRequest {
  method: string
  /** The path as the description has it. */
  template: string
  url: string
  headers: Record<string, string>
  body: string | FormData | null
}

/** Node itself cuts off URLs above 16 kB. */
const maxInUrl = 2000

/** What the description cannot know, for requests that get further than its checks. */
export interface Samples {
  ids: string[]
  hashes: string[]
  files: Uint8Array[]
  lines: string[]
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '0', '-1', '1e9', '\0', '%00', '../..', 'null', '[]', '{}', '"', 'ÿ'),
  fc.constantFrom(nested(40), nested(5000), `{"a":${nested(100)}}`, 'x'.repeat(20_000)),
  fc.constantFrom(null, true, -1, 1.5, 1e300, [], {}),
  fc.jsonValue(),
)
const key = fc.constantFrom('a', 'b.c', 'tags[]', 'description', 'lookalike.width', 'a[0]', '..')
const scalar = fc.oneof(fc.constantFrom('x', 1, true, 0.5, -1), fc.string({ maxLength: 5 }))
const condition = fc.oneof(
  fc.record({ key, match: fc.oneof(fc.record({ value: scalar }), fc.record({ any: fc.array(scalar) })) }), // prettier-ignore
  fc.record({ key, range: fc.dictionary(fc.constantFrom('gt', 'gte', 'lt', 'lte'), fc.double()) }),
  fc.record({ is_empty: fc.record({ key }) }),
)
const filter = fc.dictionary(
  fc.constantFrom('must', 'should', 'must_not'),
  fc.array(condition, { maxLength: 3 }),
)
const jsonText = fc
  .oneof(filter, fc.dictionary(fc.constantFrom('a', 'b', 'tags'), fc.jsonValue()))
  .map((value) => JSON.stringify(value))

/** Requests of every operation, each about as often as `weights` says (10 where it says nothing). */
export function apiRequests(
  document: ApiDocument,
  samples: Samples,
  weights: Record<string, number>,
): fc.Arbitrary<ApiRequest> {
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      weight: weights[`${method} ${template}`] ?? 10,
      arbitrary: requestOf(method, template, operation, samples),
    })),
  )
  return fc.oneof(...operations)
}

function requestOf(
  method: string,
  template: string,
  { parameters = [], requestBody }: Operation,
  samples: Samples,
): fc.Arbitrary<ApiRequest> {
  const given = fc.record(
    Object.fromEntries(
      parameters.map(({ name, schema }) => [name, valueOf(schema, samples)]), // prettier-ignore
    ),
    { requiredKeys: parameters.filter((each) => each.in === 'path').map(({ name }) => name) },
  )
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? []
  const body = media ? bodyOf(type!, media.schema, samples) : fc.constant(null)
  return fc.record({ given, body }).map(({ given, body }) => {
    let path = template
    const query = new URLSearchParams()
    for (const { name, in: place } of parameters) {
      const value = given[name]
      if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(urlText(value)))
      else if (value !== undefined) query.append(name, urlText(value))
    }
    const headers: Record<string, string> =
      typeof body === 'string' ? { 'content-type': type! } : {}
    return { method: method.toUpperCase(), template, url: `${path}?${query}`, headers, body }
  })
}

function bodyOf(
  type: string,
  schema: Schema,
  samples: Samples,
): fc.Arbitrary<string | FormData | null> {
  if (type === 'multipart/form-data') {
    return fc.record(fieldsOf(schema, samples), { requiredKeys: [] }).map(toForm)
  }
  if (type === 'application/x-ndjson') {
    return fc.array(fc.oneof(fc.constantFrom(...samples.lines), jsonText), { maxLength: 3 })
      .map((lines) => lines.join('\n')) // prettier-ignore
  }
  const value = valueOf(schema, samples)
  return fc.oneof(
    { weight: 9, arbitrary: value.map((each) => JSON.stringify(each) ?? '') },
    { weight: 1, arbitrary: odd.map(text) },
  )
}

function fieldsOf(schema: Schema, samples: Samples): Record<string, fc.Arbitrary<unknown>> {
  const entries = Object.entries(schema.properties ?? {})
  return Object.fromEntries(entries.map(([name, inner]) => [name, valueOf(inner, samples)]))
}

/** Mostly what the schema asks for, sometimes anything else. */
function valueOf(schema: Schema, samples: Samples): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 15, arbitrary: conforming(schema, samples) },
    { weight: 1, arbitrary: odd },
  )
}

function conforming(schema: Schema, samples: Samples): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.format === 'binary') return fc.constantFrom(...samples.files)
  if (schema.format === 'uuid')
    return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...samples.ids) }, fc.uuid())
  if (schema.pattern?.includes('{64}')) return fc.constantFrom(...samples.hashes)
  if (schema.contentMediaType === 'application/json') return jsonText
  if (schema.type === 'integer') return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 9 }) // prettier-ignore
  if (schema.type === 'number') return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 9, noNaN: true }) // prettier-ignore
  if (schema.type === 'array') return fc.array(valueOf(schema.items!, samples), { maxLength: 5 })
  if (schema.type === 'object' && schema.properties) {
    return fc.record(fieldsOf(schema, samples), { requiredKeys: schema.required ?? [] })
  }
  if (schema.type === 'object') return fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue())
  return fc.oneof(fc.webUrl(), key, fc.string({ maxLength: 20 }))
}

function toForm(fields: Record<string, unknown>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array) form.set(name, new Blob([new Uint8Array(value)]), 'a.jpg')
    else form.set(name, text(value))
  }
  return form
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function urlText(value: unknown): string {
  return text(value).slice(0, maxInUrl)
}
