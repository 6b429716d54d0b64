import * as contract from '@lookalike/contract'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

interface Shape {
  description?: string
  examples?: unknown[]
  $ref?: string
  properties?: Record<string, Shape>
  items?: Shape
  enum?: unknown[]
}

/** Every shape that has a name, as JSON Schema. */
const { schemas } = z.toJSONSchema(z.globalRegistry, { io: 'output', unrepresentable: 'any' })
const named = Object.entries(schemas as Record<string, Shape>)

describe.each(named)('%s', (name, shape) => {
  test('says what it is, and so does each of its fields', () => {
    expect(shape.description).toBeTruthy()
    expect(undescribed(shape, name)).toEqual([])
  })

  test('has an example that it lets through, with every field that is always there', () => {
    if (shape.enum || name === 'Json') return
    expect(shape.examples?.length).toBeGreaterThan(0)
    const schema = [...z.globalRegistry._idmap].find(([id]) => id === name)![1] as z.ZodType
    for (const example of shape.examples!) {
      // A form's file is not in its example.
      const { error } = schema.safeParse(example)
      const wrong = error?.issues.filter(({ path }) => path[0] !== 'image_file') ?? []
      expect(wrong).toEqual([])
    }
  })
})

test('parameters of URLs are described as well', () => {
  const parameters = Object.entries(contract).filter(([name]) =>
    /Parameters?$|^facetKey/.test(name),
  )
  expect(parameters.length).toBeGreaterThan(8)
  for (const [name, schema] of parameters) {
    const shape = z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' })
    expect(undescribed(shape as Shape, name)).toEqual([])
  }
})

function undescribed(shape: Shape, path: string): string[] {
  const fields = Object.entries(shape.properties ?? {}).flatMap(([key, field]) => [
    ...(field.description || field.$ref ? [] : [`${path}.${key}`]),
    ...undescribed(field, `${path}.${key}`),
  ])
  return [...fields, ...(shape.items ? undescribed(shape.items, `${path}[]`) : [])]
}
