import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: object }[]
  requestBody?: { content: { 'application/json'?: { schema: object } } }
  responses: { 200?: { content: { 'application/json'?: { schema: object } } } }
}
type Schema = { [key: string]: unknown }

export interface Exchange {
  readonly method: string
  /** As the document writes it, e.g. `/collections/{collection_name}`. */
  readonly template: string
  readonly query: URLSearchParams
  readonly body: unknown
}

/** What is wrong with a message by an OpenAPI 3.0 document; null when nothing is. */
export interface OpenApi {
  checkRequest(exchange: Exchange): string | null
  checkAnswer(exchange: Exchange, answer: unknown): string | null
}

/**
 * Reads an OpenAPI document to hold requests and answers to it. Stricter than the document: a field
 * that a schema does not name is an error, for a misspelt field would be ignored by a real server.
 */
export function readOpenApi(file: URL): OpenApi {
  const document = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: { [path: string]: { [method: string]: Operation } }
    components: { schemas: Schema }
  }
  const ajv = new Ajv({ strict: false, coerceTypes: false })
  addFormats.default(ajv)
  for (const format of ['uint', 'uint8', 'uint32', 'uint64']) {
    ajv.addFormat(format, { type: 'number', validate: (value) => value >= 0 })
  }
  ajv.addFormat('partial-date-time', true)
  ajv.addSchema({ $id: 'api', components: strict(document.components) as object })
  // Query values arrive as text: their own validator turns them into what the schema wants.
  const coercing = new Ajv({ strict: false, coerceTypes: true, validateFormats: false })
  coercing.addSchema({ $id: 'api', components: strict(document.components) as object })

  const compiled = new Map<object, ReturnType<Ajv['compile']>>()
  const operationOf = ({ method, template }: Exchange) =>
    document.paths[template]?.[method.toLowerCase()]
  const compile = (validator: Ajv, schema: object) => {
    const inApi = JSON.stringify(strict(schema)).replaceAll('"#/', '"api#/')
    const made = validator.compile(JSON.parse(inApi) as object)
    compiled.set(schema, made)
    return made
  }
  const check = (validator: Ajv, schema: object, value: unknown, what: string): string | null => {
    const validate = compiled.get(schema) ?? compile(validator, schema)
    // The schemas' unions say one thing wrong in a hundred ways; the last few tell where.
    return validate(value) ? null : `${what}: ${validator.errorsText(validate.errors?.slice(-8))}`
  }

  return {
    checkRequest(exchange) {
      const operation = operationOf(exchange)
      if (!operation) return `${exchange.method} ${exchange.template} is not in the document`
      const known = operation.parameters?.filter(({ in: where }) => where === 'query') ?? []
      const unknown = [...exchange.query.keys()].find((key) =>
        known.every(({ name }) => name !== key),
      )
      if (unknown) return `query parameter ${unknown} is not in the document`
      for (const { name, schema } of known) {
        const value = exchange.query.get(name)
        const wrong = value !== null && check(coercing, schema, value, name)
        if (wrong) return wrong
      }
      const body = operation.requestBody?.content['application/json']?.schema
      return body ? check(ajv, body, exchange.body, 'body') : null
    },
    checkAnswer(exchange, answer) {
      const schema = operationOf(exchange)?.responses[200]?.content['application/json']?.schema
      return schema ? check(ajv, schema, answer, 'answer') : null
    },
  }
}

/** The schema with unnamed fields forbidden and OpenAPI's bare `nullable` as JSON Schema's null. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema as Schema)
  if (entries.length === 1 && entries[0]?.[0] === 'nullable') return { type: 'null' }
  const result = Object.fromEntries(entries.map(([key, value]) => [key, strict(value)]))
  const named = result.type === 'object' && 'properties' in result
  return named && !('additionalProperties' in result)
    ? { ...result, additionalProperties: false }
    : result
}
