import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'

const contracts = join(import.meta.dirname, '../../../../shared/contracts')

/**
 * Checks bodies against the official description of an HTTP API, so that a fake is as strict as the
 * real one. Null where those descriptions are not at hand: the fake then checks nothing.
 */
export function contractValidator(file: string): ((schema: string, body: unknown) => void) | null {
  const path = join(contracts, file)
  if (!existsSync(path)) return null
  const ajv = new Ajv2020.default({ strict: false, validateFormats: false, discriminator: false })
  // `nullable` is of OpenAPI 3.0; ajv refuses it beside a $ref. No request here sends a null.
  const withoutNullable = (key: string, value: unknown) => (key === 'nullable' ? undefined : value)
  ajv.addSchema(JSON.parse(readFileSync(path, 'utf8'), withoutNullable) as object, 'api')
  return (schema, body) => {
    const validate = ajv.getSchema(`api#/components/schemas/${schema}`)!
    if (!validate(body)) throw new Error(`${schema}: ${ajv.errorsText(validate.errors)}`)
  }
}
