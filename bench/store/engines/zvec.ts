import { join } from 'node:path'
import zvec from '@zvec/zvec'
import { attribute, dimensions, selectivities, type FilterKey } from '../dataset.ts'
import { graph, type Engine } from '../engine.ts'

const attributes = Object.keys(selectivities) as FilterKey[]

/** The engine below the embedded store, with nothing around it. */
export async function openZvec(folder: string): Promise<Engine> {
  zvec.ZVecInitialize({ logLevel: zvec.ZVecLogLevel.FATAL })
  const collection = zvec.ZVecCreateAndOpen(join(folder, 'zvec'), schema())
  const search = async (vector: Float32Array, count: number, filter?: string) => {
    const found = await collection.query({
      fieldName: 'vector',
      vector,
      topk: count,
      outputFields: [],
      params: { indexType: zvec.ZVecIndexType.HNSW, ef: graph.ef },
      ...(filter && { filter }),
    })
    return found.map(({ id }) => Number(id))
  }
  return {
    async insert(items) {
      collection.upsertSync(
        items.map(({ index, vector }) => ({
          id: String(index),
          vectors: { vector },
          fields: Object.fromEntries(attributes.map((key) => [key, attribute(index, key)])),
        })),
      )
    },
    optimise: () => collection.optimize(),
    search: (vector, count) => search(vector, count),
    searchFiltered: (vector, count, key) => search(vector, count, `${key} = 0`),
    close: async () => collection.closeSync(),
  }
}

function schema() {
  return new zvec.ZVecCollectionSchema({
    name: 'vectors',
    vectors: {
      name: 'vector',
      dataType: zvec.ZVecDataType.VECTOR_FP32,
      dimension: dimensions,
      indexParams: {
        indexType: zvec.ZVecIndexType.HNSW,
        metricType: zvec.ZVecMetricType.IP,
        m: graph.m,
        efConstruction: graph.efConstruction,
      },
    },
    fields: attributes.map((name) => ({
      name,
      dataType: zvec.ZVecDataType.INT64,
      indexParams: { indexType: zvec.ZVecIndexType.INVERT },
    })),
  })
}
