import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../../docs/decisions')
const files = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name)).toSorted() // prettier-ignore

test('decisions are numbered without gaps, dated, have a status, and stand in the index', () => {
  const index = readFileSync(join(folder, 'README.md'), 'utf8')
  for (const [at, name] of files.entries()) {
    const number = `${at + 1}`.padStart(4, '0')
    expect(name.slice(0, 4)).toBe(number)
    const [title, , status] = readFileSync(join(folder, name), 'utf8').split('\n')
    expect(title, name).toMatch(new RegExp(`^# ${number} \\S`))
    expect(status, name).toMatch(/^\d{4}-\d\d-\d\d\. Status: (accepted|superseded by \[\d{4}\])/)
    expect(index).toContain(`| [${number}](${name}) | ${title!.slice(7)} |`)
  }
})
