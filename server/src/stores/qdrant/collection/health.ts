import type { Health } from '../../image-store.ts'
import type { Connection } from '../connection/connection.ts'
import type { Collection } from './collection.ts'

/** How a collection is, and what of its searches is slower or less exact than it might be; never throws. */
export async function healthOf(connection: Connection, collection: Collection): Promise<Health> {
  try {
    const info = await collection.inspect(connection.readDeadline())
    const where = `Qdrant at ${connection.address}, collection "${connection.collection}"`
    if (!info) return { status: 'ok', detail: `${where}: made with the first image.` }
    if (info.status === 'red') {
      const detail = `${where}: red, some operations failed. Look at its log and disk space.`
      return { status: 'degraded', detail }
    }
    const detail = [`${where}: ${info.status}.`, ...notes(connection, collection)].join(' ')
    const busy = info.status !== 'green' || collection.isFilling
    return { status: connection.hasFewerCopies ? 'degraded' : 'ok', detail, busy }
  } catch (error) {
    return { status: 'unavailable', detail: (error as Error).message }
  }
}

const namedKeys = 5

function notes(connection: Connection, collection: Collection): string[] {
  const { late, shortfall } = collection.unlinked
  const said: string[] = []
  if (connection.hasFewerCopies) {
    said.push(
      'A node is gone: searches of the last minute compared fewer copies than QDRANT_READ_CONSISTENCY asks ' +
        'for, and may lack the newest images. Look at its nodes.',
    )
  }
  if (!collection.isOurs) {
    said.push('Another program made it: filters are searched with ACORN, which is slower.')
  }
  if (collection.isFilling) {
    said.push(
      'Words of older records are being indexed: searches by words may miss some until then.',
    )
  }
  if (late.length > 0) {
    const more = late.length > namedKeys ? ` and ${late.length - namedKeys} more` : ''
    said.push(
      `The graph is older than the indexes of ${late.slice(0, namedKeys).join(', ')}${more}: filters by them ` +
        'are searched with ACORN, which is slower, until enough records have them and it was rebuilt in ' +
        'the background.',
    )
  }
  if (shortfall) {
    said.push(`Searched with ACORN, which is slower, by: ${shortfall}. QDRANT_INDEXES chooses.`)
  }
  if (collection.slot.isHalfPrecision) {
    said.push('Vectors are kept as float16: scores are right to three digits.')
  }
  return said
}
