import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
} from 'fastify-type-provider-zod'
import { z } from 'zod'

interface Converted {
  zodSchema: z.core.$ZodType
  jsonSchema: z.core.JSONSchema.BaseSchema
}

/** Says what zod leaves out of its JSON Schema, or says in a way that generators of clients stumble over. */
function improve({ zodSchema, jsonSchema }: Converted): void {
  const { def } = zodSchema._zod
  // An answer without a body.
  if (def.type === 'undefined') jsonSchema.type = 'null'
  // Clients of this version must be able to read answers of a later one.
  if (def.type === 'object' && !(def as z.core.$ZodObjectDef).catchall) {
    delete jsonSchema.additionalProperties
  }
  if (def.type === 'record') delete jsonSchema.propertyNames
  if (jsonSchema.type === 'integer') {
    // The bounds of JavaScript's numbers are none of the value's.
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    jsonSchema.format = 'int64'
  }
  // Zod leaves out both wherever a text is read into a value.
  if (def.type === 'default') jsonSchema.default = (def as z.core.$ZodDefaultDef).defaultValue
  const { examples } = z.globalRegistry.get(zodSchema) ?? {}
  if (Array.isArray(examples) && !jsonSchema.$ref) jsonSchema.examples = examples
}

const zodToJsonConfig = { override: improve }

export const convertRoute = createJsonSchemaTransform({ zodToJsonConfig })
export const addComponents = createJsonSchemaTransformObject({ zodToJsonConfig })
