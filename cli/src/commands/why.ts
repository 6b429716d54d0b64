import type { WhyResponse } from '@lookalike/sdk'
import { readPicture } from '../named-picture.ts'
import type { Session } from '../session.ts'

/** Says why two pictures are alike; each is named as for a search. */
export async function explainLikeness(
  { client, terminal, json }: Session,
  one: string,
  other: string,
): Promise<void> {
  const why = await client.why(await readPicture(one), await readPicture(other))
  await terminal.out(json ? `${JSON.stringify(why, null, 2)}\n` : `${lines(why).join('\n')}\n`)
}

function lines(why: WhyResponse): string[] {
  const { score, match, surprise, calibration, parts, no_parts, map, words, no_words } = why
  const rare = surprise === null ? '' : `, as 1 unrelated picture in ${rarity(surprise)}`
  return [
    `score     ${score.toFixed(3)}${rare}`,
    `match     ${match ?? calibration.detail}`,
    ...(parts
      ? Object.entries(parts).map(
          ([name, share]) => `${name.padEnd(9)} ${bar(share)} ${percent(share)}`,
        )
      : [`parts     ${no_parts}`]),
    `words     ${words?.join(', ') ?? no_words}`,
    ...(map ? ['', 'where they agree', ...sideBySide(map)] : []),
  ]
}

/** 10^surprise with two digits, as people read it. */
function rarity(surprise: number): string {
  return Number((10 ** surprise).toPrecision(2)).toLocaleString('en')
}

const percent = (share: number) => `${Math.round(share * 100)} %`.padStart(5)
const barWidth = 20

function bar(share: number): string {
  return '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '·')
}

const shades = [' ', '░', '▒', '▓', '█']

/** Both maps, two characters a place, for these are half as wide as they are high. */
function sideBySide({ edge, one, other }: NonNullable<WhyResponse['map']>): string[] {
  const row = (map: number[], at: number) =>
    map
      .slice(at * edge, (at + 1) * edge)
      .map((value) =>
        shades[Math.min(shades.length - 1, Math.floor(value * shades.length))]!.repeat(2),
      )
      .join('')
  return Array.from({ length: edge }, (_, at) => `${row(one, at)}  |  ${row(other, at)}`)
}
