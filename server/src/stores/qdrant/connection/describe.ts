import type { Schemas } from '@qdrant/js-client-rest'
import type { Connection } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { CollectionMissing } from './failures.ts'

/** What the server knows of the connection's collection; null when there is none. */
export async function describeCollection(
  connection: Connection,
  deadline: Deadline,
): Promise<Schemas['CollectionInfo'] | null> {
  const collection_name = connection.collection
  try {
    return await connection.ask(deadline, (api, init) =>
      api.getCollection({ collection_name }, init),
    )
  } catch (error) {
    if (error instanceof CollectionMissing) return null
    throw error
  }
}
