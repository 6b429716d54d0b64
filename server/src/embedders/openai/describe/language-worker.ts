import { parentPort } from 'node:worker_threads'
import { eld } from 'eld/extrasmall'
import type { LanguageReply, LanguageTask } from './language.ts'

parentPort!.on('message', ({ number, text }: LanguageTask) => {
  const found = eld.detect(text)
  parentPort!.postMessage({
    number,
    language: found.language,
    isReliable: found.isReliable(),
    scores: found.getScores(),
  } satisfies LanguageReply)
})
