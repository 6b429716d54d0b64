import type { z } from 'zod'
import { settingGroups } from '../../src/config.ts'

interface Setting {
  readonly name: string
  readonly meaning: string
  /** Empty where there is none, or where it is nothing: an empty list, no key. */
  readonly fallback: string
}

type Shape = Record<string, z.ZodType>

function settingsOf(shape: Shape): Setting[] {
  return Object.entries(shape).map(([name, schema]) => {
    const fallback = schema.meta()?.['default'] ?? schema.safeParse(undefined).data
    return {
      name,
      meaning: schema.description ?? '',
      fallback: isNothing(fallback) ? '' : String(fallback),
    }
  })
}

const isNothing = (value: unknown) =>
  value === undefined || (typeof value === 'object' && Object.keys(value as object).length === 0)

const groups = Object.entries(settingGroups as Record<string, Shape>)

/** `docs/settings.md`: every setting, its default and its meaning. */
export function settingsPage(): string {
  const sections = groups.map(([title, shape]) => {
    const rows = settingsOf(shape).map(
      ({ name, fallback, meaning }) =>
        `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${meaning} |`,
    )
    return [
      `## ${title}`,
      '',
      '| setting | default | meaning |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n')
  })
  return `${[
    '# Settings',
    'Environment variables, or a file `.env` in the folder that Lookalike is started in ([.env.example](../.env.example)\n' +
      'has them all). An empty value counts as not set. A name that is nearly that of a setting ends the start, with which was\n' +
      'meant. "At creation" shapes a Qdrant collection that Lookalike makes, and never alters one that exists;\n' +
      '[scaling.md](scaling.md) says when to choose which.',
    ...sections,
    'Lookalike listens on this machine only. To let others in, set `HOST=0.0.0.0` and `API_KEYS`; without keys a public\n' +
      'address is refused. Programs send `Authorization: Bearer <key>`, the page asks for the key once. Named keys that may less, and\n' +
      'end, are made by `lookalike keys add`: [api.md](api.md#keys). On SIGHUP `API_KEYS` and `LOG_LEVEL` are read again, from `.env` too.',
    'This page and `.env.example` are written from the settings themselves: `npm test -- server/test/structure -u`.',
  ].join('\n\n')}\n`
}

/** `.env.example`: the same, to copy. */
export function environmentExample(): string {
  const sections = groups.flatMap(([, shape]) =>
    settingsOf(shape).map(({ name, fallback, meaning }) => `# ${meaning}\n# ${name}=${fallback}`),
  )
  return `${[
    '# Lookalike reads this file, named .env, from the folder it is started in. Every setting is optional.',
    ...sections,
  ].join('\n\n')}\n`
}
