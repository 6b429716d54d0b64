import { z } from 'zod'
import { proxiesOf, type ProxySettings } from '../../providers/proxies.ts'
import { count, url } from '../../setting-types.ts'
import type { State } from '../../state/state.ts'
import { defaultModel } from './known-models.ts'
import { devices, type LocalOptions, precisions } from './options.ts'

/** The settings of models that run on this machine. */
export const localSettings = {
  LOCAL_MODEL: z
    .string()
    .trim()
    .default(defaultModel)
    .describe(
      'With EMBEDDER=local: a model, or two joined by +; names are in docs/local-models.md, and repositories and folders will do as well',
    ),
  LOCAL_PRECISION: z
    .enum(precisions)
    .default('q8')
    .describe('Its numbers: q8 (smallest, fastest), fp16 or fp32'),
  LOCAL_DEVICE: z
    .enum(devices)
    .default('cpu')
    .describe('What it runs on: cpu, webgpu or cuda, as far as ONNX Runtime has it here'),
  LOCAL_THREADS: count
    .optional()
    .describe('Threads it takes; as many as there are cores when empty'),
  LOCAL_PAIR_SHARE: z.coerce
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('Of two models, how much of the likeness is the first one’s, between 0 and 1'),
  LOCAL_OFFLINE: z
    .stringbool()
    .default(false)
    .describe('true: model files are never fetched, only used where they lie'),
  HF_ENDPOINT: url
    .default('https://huggingface.co')
    .describe('Where model files are fetched, such as a mirror'),
  HF_TOKEN: z.string().optional().describe('Key for models whose licence has to be accepted first'),
}

export type LocalSettings = z.output<z.ZodObject<typeof localSettings>>

/** What cannot be a pair; null when nothing is wrong. */
export function localConflict({ LOCAL_MODEL }: LocalSettings): string | null {
  const parts = LOCAL_MODEL.split('+')
  if (parts.length > 2) return 'LOCAL_MODEL: names one model, or two joined by +'
  return parts.some((part) => part.trim() === '')
    ? 'LOCAL_MODEL: + stands between two models, such as dinov2-small+siglip2-base-patch32'
    : null
}

export function localOptions(
  settings: LocalSettings &
    ProxySettings & { readonly DATA_DIR: string; readonly NAMES_BY_MODEL: boolean },
  state: State,
): LocalOptions {
  return {
    model: settings.LOCAL_MODEL,
    precision: settings.LOCAL_PRECISION,
    device: settings.LOCAL_DEVICE,
    threads: settings.LOCAL_THREADS,
    share: settings.LOCAL_PAIR_SHARE,
    hub: {
      endpoint: settings.HF_ENDPOINT,
      token: settings.HF_TOKEN,
      offline: settings.LOCAL_OFFLINE,
      proxies: proxiesOf(settings),
    },
    dataDir: settings.DATA_DIR,
    names: settings.NAMES_BY_MODEL,
    state,
    say: (line) => void process.stderr.write(`${line}\n`),
  }
}

/**
 * The settings that name the models of an embedder id; null for another's id. What is not there any more is not fetched for a
 * library that is to be re-embedded.
 */
export function previousLocalModels(id: string) {
  const [, models, share] = /^local:(.+?)(?:~([\d.]+))?@\d+$/.exec(id) ?? []
  if (models === undefined) return null
  const parts = models.split('+').map((part) => /^(.+)#([\w.-]+):(q8|fp16|fp32)$/.exec(part))
  const precision = precisions.find((each) => parts.every((part) => part?.[3] === each))
  if (!precision) return null
  return {
    LOCAL_MODEL: parts.map((part) => `${part![1]}@${part![2]}`).join('+'),
    LOCAL_PRECISION: precision,
    LOCAL_PAIR_SHARE: share === undefined ? 0.5 : Number(share),
    LOCAL_OFFLINE: true,
  }
}
