import { estimateImport, usageReport } from '../../library/usage.ts'
import type { App } from '../app-type.ts'
import { estimateParameters, usageParameters } from '../parameters.ts'
import * as schemas from '../schemas.ts'
import type { Services } from '../services.ts'

/** What models were asked, and what more of it would cost. */
export function usageRoutes(app: App, { deps, state }: Services): void {
  app.get(
    '/api/usage',
    {
      schema: {
        summary: 'Model calls by day and model, and what they are estimated to have cost',
        querystring: usageParameters,
        response: { 200: schemas.usageReport },
      },
    },
    async (request) => usageReport(state.ledger, request.query.days),
  )

  app.get(
    '/api/usage/estimate',
    {
      schema: {
        summary: 'What adding so many new images would cost in money and time',
        querystring: estimateParameters,
        response: { 200: schemas.importEstimate },
      },
    },
    async (request) => estimateImport(deps, request.query.images),
  )
}
