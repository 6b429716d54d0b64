import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestOf } from './manifest.ts'
import { root } from './root.ts'

/** `npm run release -- 0.2.0`: the version, wherever it stands. Committing, tagging and pushing are for a person. */
const [version = ''] = process.argv.slice(2)
const trouble = troubleWith(version)
if (trouble) {
  console.error(trouble)
  process.exit(1)
}
// What npm was told by the `npm run` around this is not meant for these.
const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
const options = { cwd: root, env: Object.fromEntries(own), stdio: 'inherit' } as const
const everywhere = ['--workspaces', '--include-workspace-root', '--no-git-tag-version']
execFileSync('npm', ['version', version, ...everywhere], options)
// The description of the API names it as well.
execFileSync('npx', ['vitest', 'run', 'server/test/http/openapi.test.ts', '-u'], options)
console.log(`
Look at \`git diff\`, then:
  git commit --all --message 'release: ${version}' && git tag --annotate v${version} --message ${version}
  git push --follow-tags`)

function troubleWith(wanted: string): string | null {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(wanted)
  if (!parts) return 'Name the version, as in: npm run release -- 0.2.0'
  const current = manifestOf('.').version
  const isNewer = wanted.localeCompare(current, 'en', { numeric: true }) > 0
  if (!isNewer) return `${wanted} is not newer than ${current}.`
  if (execFileSync('git', ['status', '--porcelain'], { cwd: root }).length > 0) {
    return 'Commit or remove what `git status` lists first: a release is of what is committed.'
  }
  const file = join(root, 'CHANGELOG.md')
  const changes = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const heading = new RegExp(String.raw`^## \[?v?${wanted.replaceAll('.', String.raw`\.`)}\b`, 'm')
  return heading.test(changes)
    ? null
    : `CHANGELOG.md has no heading "## ${wanted}": say what changed, and commit it.`
}
