import { Collection, type CreateBody } from './collection.ts'
import { Refusal } from './refusal.ts'

/** The collections of a server, and what their aliases stand for. */
export class QdrantEngine {
  /** Whether new collections are strict unless they say otherwise, as on Qdrant Cloud. */
  strict = false
  readonly collections = new Map<string, Collection>()
  readonly aliases = new Map<string, string>()
  /** Which shards each node has; one node has one shard. */
  shards: number[][] = [[0]]
  private snapshots = 0

  create(name: string, body: CreateBody): boolean {
    if (this.collections.has(name)) {
      throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`)
    }
    this.collections.set(name, new Collection(body, this.strict))
    return true
  }

  drop(name: string): boolean {
    for (const [alias, target] of this.aliases) if (target === name) this.aliases.delete(alias)
    return this.collections.delete(name)
  }

  listAliases() {
    return Array.from(this.aliases, ([alias_name, collection_name]) => ({
      alias_name,
      collection_name,
    }))
  }

  /** All of them or, when one cannot be, none. */
  changeAliases({ actions }: { actions: AliasAction[] }): boolean {
    for (const action of actions) {
      if (!('create_alias' in action)) continue
      const { alias_name, collection_name } = action.create_alias
      this.collection(collection_name)
      if (this.collections.has(alias_name)) {
        throw new Refusal(409, `Wrong input: Collection \`${alias_name}\` already exists!`)
      }
    }
    for (const action of actions) {
      if ('delete_alias' in action) this.aliases.delete(action.delete_alias.alias_name)
      else this.aliases.set(action.create_alias.alias_name, action.create_alias.collection_name)
    }
    return true
  }

  collection(asked: string): Collection {
    const name = this.aliases.get(asked) ?? asked
    const found = this.collections.get(name)
    if (!found) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`)
    return found
  }

  /** As the node of that number sees it. */
  clusterInfo(collection: Collection, node: number) {
    const state = 'Active'
    const points_count = collection.points.size
    return {
      peer_id: node,
      shard_count: new Set(this.shards.flat()).size,
      local_shards: this.shards[node]!.map((shard_id) => ({ shard_id, points_count, state })),
      remote_shards: this.shards.flatMap((ids, peer_id) =>
        peer_id === node ? [] : ids.map((shard_id) => ({ shard_id, peer_id, state })),
      ),
      shard_transfers: [],
    }
  }

  snapshot(of: string) {
    return {
      name: `${of}-${++this.snapshots}.snapshot`,
      size: 1000,
      creation_time: null,
      checksum: null,
    }
  }

  snapshotShard(shard: number, node: number) {
    if (this.shards[node]!.includes(shard)) return this.snapshot(`shard-${shard}`)
    throw new Refusal(400, `Bad request: Shard ${shard} is not local`)
  }
}

type AliasAction =
  | { delete_alias: { alias_name: string } }
  | { create_alias: { alias_name: string; collection_name: string } }
