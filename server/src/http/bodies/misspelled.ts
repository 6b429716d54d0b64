import type { FastifyInstance } from 'fastify'
import { LookalikeError } from '../../errors.ts'
import { distance, forgiven } from '../../names/spelling.ts'

/**
 * Refuses parameters that are all but the name of one which is not given: `score_treshold` would find something else than
 * was asked for, and say nothing. Other names that mean nothing here are let be, for clients send more than they are asked.
 */
export function misspellings(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ query, body, routeOptions: { schema } }) => {
    refuseMisspelled(query, schema?.querystring)
    refuseMisspelled(body, schema?.body)
  })
}

/**
 * @param given an object of parameters; anything else has no names
 * @param schema of an object; anything else knows no names
 * @throws LookalikeError `invalid_parameter`, saying what may have been meant
 */
export function refuseMisspelled(given: unknown, schema: unknown): void {
  const known = namesOf((schema as { shape?: unknown } | undefined)?.shape)
  const names = namesOf(given)
  const left = known.filter((name) => !names.includes(name))
  if (left.length === 0) return
  for (const name of names) {
    if (known.includes(name)) continue
    const meant = left.find((each) => isNearly(plain(name), plain(each)))
    if (meant === undefined) continue
    throw new LookalikeError(
      'invalid_parameter',
      `${name.slice(0, 100)}: is not known here. Did you mean ${meant}?`,
    )
  }
}

function namesOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

function isNearly(given: string, known: string): boolean {
  const most = forgiven(known.length)
  return given === known || (most > 0 && distance(given, known, most) <= most)
}

/** As `scoreThreshold` and `score-threshold` are `score_threshold`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}
