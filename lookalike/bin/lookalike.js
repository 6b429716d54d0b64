#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it; the source beside it needs one that runs TypeScript.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = new URL('../src/main.ts', import.meta.url)

if (process.features.typescript) await import(source.href)
else runOnProjectNode()

function runOnProjectNode() {
  const node = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url))
  if (!existsSync(node)) {
    console.error(
      `lookalike: Node ${process.versions.node} does not run TypeScript. Run 'npm ci' in this checkout, ` +
        'which brings a Node that does.',
    )
    process.exit(2)
  }
  const child = spawn(node, [fileURLToPath(source), ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both; the child decides what it means, and this process waits for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('close', (code) => process.exit(code ?? 1))
}
