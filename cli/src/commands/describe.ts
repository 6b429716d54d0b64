import { dollars } from '../costs.ts'
import { idFrom } from '../record-id.ts'
import type { Session } from '../session.ts'

/** Describes a picture in the caller's words, and says what that cost where a model was asked. */
export async function describeImage(
  { client, terminal, json }: Session,
  argument: string,
  description: string,
): Promise<void> {
  const answer = await client.setDescription(idFrom(argument), description)
  if (json) return terminal.out(`${JSON.stringify(answer, null, 2)}\n`)
  const { calls, estimated_usd: usd } = answer.usage
  const price = usd === null ? 'at a price that is not known here' : `for ${dollars(usd)}`
  const cost = calls > 0 ? ` Its vector was made anew ${price}.` : ''
  await terminal.out(`Described.${cost}\n`)
}
