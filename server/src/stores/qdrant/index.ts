import { createHash } from 'node:crypto'
import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../errors.ts'
import type { Generations, MadeLibrary } from '../generations.ts'
import type { Library } from '../image-store.ts'
import { Collection } from './collection/collection.ts'
import { Connection } from './connection/connection.ts'
import { describeCollection } from './connection/describe.ts'
import { claimOf } from './collection/fitness.ts'
import type { QdrantStoreOptions } from './options.ts'
import { openQdrantStore } from './store.ts'
import { vectorsOf } from './collection/vector-slot.ts'

type Options = QdrantStoreOptions & { readonly alias: string }

/**
 * The library in use is in the collection that the alias stands for, or where there is no alias in the
 * one named in the settings. The one being made gets a collection of its own, named after its embedder;
 * to switch is to move the alias. Collections that were in use are left alone: other servers may be
 * using them, and the first may be another program's.
 */
export default function openQdrantGenerations(options: Options): Generations {
  /** A connection to the collection in use. */
  async function inUse(): Promise<Connection> {
    const connection = new Connection(options)
    await connection.followAlias(connection.readDeadline())
    return connection
  }

  async function next(library: Library): Promise<QdrantStoreOptions> {
    const { alias: _, ...others } = options
    return { ...others, collection: nextName(options.collection, library, await inUse()) }
  }

  return {
    async current() {
      try {
        return await look(await inUse(), options.vectorName ?? null)
      } catch (error) {
        if (error instanceof LookalikeError) return null
        throw error
      }
    },

    open: (library) => openQdrantStore(options, library),

    openNext: async (library) => openQdrantStore(await next(library), library),

    async promote(library) {
      const made = await next(library)
      const connection = new Connection(made)
      const deadline = connection.writeDeadline()
      // An empty library has no collection yet, and an alias must not lead to nowhere.
      const collection = new Collection(connection, made, library)
      await collection.write(deadline, [], async () => {})
      collection.close()
      const former = (await inUse()).collection
      const { alias: alias_name } = options
      const actions = [
        { delete_alias: { alias_name } },
        { create_alias: { alias_name, collection_name: made.collection } },
      ]
      await connection.ask(deadline, (api, init) => api.updateAliases({ actions }, init))
      return `the Qdrant collection "${former}"`
    },

    async discardNext(library) {
      const connection = new Connection(await next(library))
      const deadline = connection.writeDeadline()
      const info = await describeCollection(connection, deadline)
      if (!info || claimOf(info)?.embedder !== library.embedderId) return
      const collection_name = connection.collection
      await connection.ask(deadline, (api, init) => api.deleteCollection({ collection_name }, init))
    },
  }
}

/** Null for a collection that is not there, or that no Lookalike has written to. */
async function look(
  connection: Connection,
  vectorName: string | null,
): Promise<MadeLibrary | null> {
  const deadline = connection.readDeadline()
  const info = await describeCollection(connection, deadline)
  const claim = info && claimOf(info)
  const dimensions = claim && dimensionsOf(info.config, vectorName ?? claim.vector ?? null)
  if (!dimensions) return null
  const collection_name = connection.collection
  const { count } = await connection.ask(deadline, (api, init) =>
    api.countPoints({ collection_name, exact: true }, init),
  )
  return { embedderId: claim.embedder, dimensions, records: count }
}

function dimensionsOf(config: Schemas['CollectionConfig'], name: string | null): number | null {
  const vectors = vectorsOf(config)
  const [, params] =
    vectors.find(([each]) => each === name) ?? (vectors.length === 1 ? vectors[0]! : [])
  return params?.size ?? null
}

/** The same at every start, and never the name in use: describing anew keeps the embedder. */
function nextName(collection: string, { embedderId }: Library, inUse: Connection): string {
  const hash = createHash('sha256').update(embedderId).digest('hex').slice(0, 8)
  const name = `${collection}-${hash}`
  return name === inUse.collection ? `${name}-b` : name
}
