import { describedSettings, type DescribedSetting } from '../../src/starting/described-settings.ts'

const groups = Map.groupBy(describedSettings(), ({ group }) => group)

/** `docs/settings.md`: every setting, its default and its meaning. */
export function settingsPage(): string {
  const sections = [...groups].map(([title, settings]) => {
    const rows = settings.map(
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
  const sections = describedSettings().map(describe)
  return `${[
    '# Lookalike reads this file, named .env, from the folder it is started in. Every setting is optional.',
    ...sections,
  ].join('\n\n')}\n`
}

function describe({ name, fallback, meaning }: DescribedSetting): string {
  return `# ${meaning}\n# ${name}=${fallback}`
}
