import { Agent, request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

/** Somebody who searches all the while, in a thread of their own so that what the benchmark does is not in the way. */
export interface AskerTask {
  readonly url: string
  /** Of images that are in the library throughout. */
  readonly ids: readonly string[]
}

const pauseMs = 3

const { url, ids } = workerData as AskerTask
const agent = new Agent({ keepAlive: true })
let times: number[] = []
parentPort!.on('message', () => {
  parentPort!.postMessage(times)
  times = []
})

for (let round = 0; ; round++) {
  const began = performance.now()
  await ask(`${url}/api/images/${ids[(round * 7919) % ids.length]}/similar?limit=10`)
  times.push(performance.now() - began)
  await setTimeout(pauseMs)
}

function ask(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`A search was answered with ${answer.statusCode}.`)) // prettier-ignore
      answer.resume().once('end', resolve)
    })
    asked.once('error', reject).end()
  })
}
