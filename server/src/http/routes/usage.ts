import {
  estimateParameters,
  importEstimate,
  usageParameters,
  usageReport,
} from '@lookalike/contract'
import { estimateImport, reportUsage } from '../../library/usage.ts'
import type { App } from '../app-type.ts'
import type { Services } from '../services.ts'
import { snakeCased } from '../answers/snake-case.ts'

/** What models were asked, and what more of it would cost. */
export function usageRoutes(app: App, { deps, state }: Services): void {
  app.get(
    '/api/usage',
    {
      schema: {
        summary: 'Model calls by day and model, and what they are estimated to have cost',
        operationId: 'getUsage',
        tags: ['Server'],
        querystring: usageParameters,
        response: { 200: usageReport },
      },
      config: { scope: 'read' },
    },
    async (request) => snakeCased(reportUsage(state.ledger, request.query.days)),
  )

  app.get(
    '/api/usage/estimate',
    {
      schema: {
        summary: 'What adding so many new images would cost in money and time',
        operationId: 'estimateImport',
        tags: ['Server'],
        querystring: estimateParameters,
        response: { 200: importEstimate },
      },
      config: { scope: 'read', errors: ['unsupported'] },
    },
    async (request) => snakeCased(estimateImport(deps, request.query.images)),
  )
}
