import { spawnSync } from 'node:child_process'
import { homedir, userInfo } from 'node:os'
import type { Machine } from './service.ts'

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    user: userInfo().username,
    uid: process.getuid?.() ?? null,
    run([program, ...args]) {
      const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
      return { status: error ? null : status, output: `${stdout ?? ''}${stderr ?? ''}` }
    },
  }
}
