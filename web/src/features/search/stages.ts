import type { Stage } from '@lookalike/sdk'

/** What a person is told while a stage runs. */
export const stageLabels: Record<Stage, string> = {
  receive: 'Uploading',
  decode: 'Reading the picture',
  describe: 'Describing',
  embed: 'Embedding',
  search: 'Searching',
  store: 'Storing',
}

export const stageOrder = Object.keys(stageLabels) as Stage[]
