import { setTimeout as sleep } from 'node:timers/promises'
import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../errors.ts'
import type { Snapshot } from '../image-store.ts'
import type { Connection } from './connection/connection.ts'
import { Deadline } from './connection/deadline.ts'

type Description = Schemas['SnapshotDescription']

/** A snapshot reads and writes the whole collection once. */
const maxMs = 3_600_000
/** A balancer passes requests around: a shard's node is met within so many, for each node. */
const triesPerNode = 5
const pauseMs = 50

/**
 * Has Qdrant make a snapshot of the collection, in its own storage. A node's snapshot holds the shards it
 * has itself; where none has all of them, each shard is asked for until the node that has it answers.
 *
 * @param count how many images there are
 */
export async function takeSnapshot(
  connection: Connection,
  count: () => Promise<number>,
): Promise<Snapshot> {
  const deadline = new Deadline(maxMs)
  const collection_name = connection.collection
  const at = `${connection.address}/collections/${encodeURIComponent(collection_name)}`
  const images = await count()
  const { shards, nodes, isWhole } = await layout(connection, deadline)
  if (isWhole) {
    const { name, size } = await connection.ask(deadline, (api, init) =>
      api.createSnapshot({ collection_name, wait: true }, init),
    )
    return { file: `${at}/snapshots/${name}`, images, bytes: size }
  }
  const files: string[] = []
  let bytes = 0
  for (const shard_id of shards) {
    const { name, size } = await snapshotShard(connection, deadline, shard_id, nodes)
    files.push(`${at}/shards/${shard_id}/snapshots/${name}`)
    bytes += size
  }
  return { file: files.join(' '), images, bytes }
}

/** The collection's shards, and whether every node has all of them. */
async function layout(connection: Connection, deadline: Deadline) {
  const collection_name = connection.collection
  const { peer_id, local_shards, remote_shards } = await connection.ask(deadline, (api, init) =>
    api.collectionClusterInfo({ collection_name }, init),
  )
  const held = new Map([[peer_id, new Set(local_shards.map(({ shard_id }) => shard_id))]])
  for (const { peer_id: peer, shard_id } of remote_shards) {
    held.set(peer, (held.get(peer) ?? new Set()).add(shard_id))
  }
  const shards = new Set([...held.values()].flatMap((ids) => [...ids]))
  const isWhole = [...held.values()].every((ids) => ids.size === shards.size)
  return { shards: [...shards].sort((a, b) => a - b), nodes: held.size, isWhole }
}

async function snapshotShard(
  connection: Connection,
  deadline: Deadline,
  shard_id: number,
  nodes: number,
): Promise<Description> {
  const collection_name = connection.collection
  let refusal: unknown
  for (let attempt = 0; attempt < triesPerNode * nodes; attempt++) {
    try {
      return await connection.ask(deadline, (api, init) =>
        api.createShardSnapshot({ collection_name, shard_id, wait: true }, init),
      )
    } catch (error) {
      refusal = error
      await sleep(pauseMs)
    }
  }
  throw new LookalikeError(
    'store_unavailable',
    `Qdrant at ${connection.address} made no snapshot of shard ${shard_id}: ${(refusal as Error).message} ` +
      'Its nodes keep different shards: let QDRANT_URL name a balancer before all of them.',
    { cause: refusal },
  )
}
