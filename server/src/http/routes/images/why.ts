import {
  idParameter,
  whyFields,
  whyForm,
  whyParameters,
  whyResponse,
  type WhyResponse,
} from '@lookalike/contract'
import { LookalikeError } from '../../../errors.ts'
import { type Compared, explain, type Explanation } from '../../../library/searching/why.ts'
import type { Timings } from '../../../library/stages.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { files, models, picture, store } from '../../openapi/errors.ts'
import { timeStages } from '../../plugins/measuring.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { readParameters } from '../../bodies/read-parameters.ts'
import type { Services } from '../../services.ts'
import { snakeCased } from '../../answers/snake-case.ts'
import { factsToWire } from '../../answers/wire-record.ts'

const errors = [...picture, ...models, ...store, ...files, 'not_found'] as const

/** Why two pictures are alike. */
export function whyRoutes(app: App, { deps, uploads }: Services): void {
  app.get(
    '/api/images/:id/why',
    {
      schema: {
        summary: 'Why two images of the library are alike',
        operationId: 'explainLikeness',
        tags: ['Search'],
        params: idParameter,
        querystring: whyParameters,
        response: { 200: whyResponse },
      },
      config: { scope: 'read', ...worksOnPicture, kind: 'search', errors },
    },
    async (request, reply) => {
      const stages = timeStages(reply)
      const subjects = [{ id: request.params.id }, { id: request.query.to }] as const
      const run = { stages, signal: abortWhenGone(reply) }
      return toWire(await explain(deps, subjects, run), stages.finish())
    },
  )

  app.post(
    '/api/images/why',
    {
      schema: {
        summary: 'Why an uploaded picture is like another one',
        operationId: 'explainUploadLikeness',
        tags: ['Search'],
        description: 'The other one is an image of the library, `to`, or a second file, `to_file`.',
        response: { 200: whyResponse },
      },
      config: { scope: 'read', ...worksOnPicture, kind: 'upload', form: whyForm, errors },
    },
    async (request, reply) => {
      const stages = timeStages(reply)
      stages.begin('receive')
      const received = await uploads.receiveTwo(request)
      try {
        const { to } = readParameters(whyFields, received.fields)
        if ((to === undefined) === (received.other === null)) throw oneOther()
        const { upload, other } = received
        const subjects = [{ upload }, other ? { upload: other } : { id: to! }] as const
        const run = { stages, signal: abortWhenGone(reply) }
        return toWire(await explain(deps, subjects, run), stages.finish())
      } finally {
        await received.discard()
      }
    },
  )
}

function oneOther(): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    "Say what the picture is compared with: 'to', the id of an image, or 'to_file', another picture; not both.",
  )
}

function toWire(explanation: Explanation, timings: Timings): WhyResponse {
  const { one, other, score, match, surprise, calibration, agreement, words } = explanation
  const isKnown = 'maps' in agreement
  return {
    one: comparedToWire(one),
    other: comparedToWire(other),
    score,
    match,
    surprise,
    calibration,
    parts: isKnown ? sharesOf(agreement.parts) : null,
    map: isKnown
      ? {
          edge: agreement.edge,
          one: Array.from(agreement.maps[0], share),
          other: Array.from(agreement.maps[1], share),
        }
      : null,
    no_parts: isKnown ? null : agreement.missing,
    words: Array.isArray(words) ? words : null,
    no_words: Array.isArray(words) ? null : words.missing,
    cached: explanation.cached,
    timings_ms: timings,
    usage: snakeCased(explanation.usage),
  }
}

type Parts = NonNullable<WhyResponse['parts']>

function sharesOf({ names, colours, texture, layout }: Parts): Parts {
  return {
    names: share(names),
    colours: share(colours),
    texture: share(texture),
    layout: share(layout),
  }
}

/** With no more digits than say something, and never a hair above 1. */
function share(value: number): number {
  return Math.min(1, Math.max(0, Math.round(value * 1e4) / 1e4))
}

function comparedToWire({ record, filename, file, description }: Compared): WhyResponse['one'] {
  return {
    id: record?.id ?? null,
    image_uri: record?.imageUri ?? null,
    filename,
    ...factsToWire(file),
    description,
  }
}
