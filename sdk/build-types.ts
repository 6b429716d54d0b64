import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import '@lookalike/contract'
import { compile, type JSONSchema } from 'json-schema-to-typescript'
import { z } from 'zod'

/**
 * Writes the shapes that `contract.ts` names into `dist/contract.d.ts`, in full and with their descriptions:
 * whoever installs the client has neither the contract nor zod.
 */
export async function writeContractTypes(folder: string): Promise<void> {
  const source = readFileSync(join(folder, 'src/contract.ts'), 'utf8')
  const names = [...source.matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name!)
  const $defs = shapes()
  // A recursive type that JSON Schema has no words for.
  $defs['Json'] = { ...$defs['Json'], tsType: json }
  // Said more loosely in JSON Schema, for generators of clients.
  Object.assign($defs['MatchAny']!.properties!['any']!, { tsType: 'string[] | number[]' })
  const root = {
    $defs,
    type: 'object',
    additionalProperties: false,
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }])),
  } as JSONSchema
  const types = await compile(root, 'Contract', {
    bannerComment: '/** The shapes that travel over HTTP. */',
    additionalProperties: false,
  })
  // The root that names them all is nobody's shape.
  writeFileSync(
    join(folder, 'dist/contract.d.ts'),
    types.replace(/export interface Contract \{[^}]*\}\n/, ''),
  )
}

function shapes(): Record<string, JSONSchema> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    io: 'output',
    unrepresentable: 'any',
    uri: (id) => `#/$defs/${id}`,
  })
  const text = JSON.stringify(schemas, (_, value: JSONSchema) => {
    // With words of its own a reference would become another type.
    if (value?.$ref) return { $ref: value.$ref }
    if (!value?.$schema) return value
    const { $id: _id, $schema: _schema, ...schema } = value
    return schema
  })
  return JSON.parse(text) as Record<string, JSONSchema>
}

const json = 'string | number | boolean | null | Json[] | { [key: string]: Json }'
