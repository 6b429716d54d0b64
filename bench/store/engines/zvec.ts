import { join } from 'node:path'
import zvec from '@zvec/zvec'
import { Rotation } from '../../../server/src/stores/embedded/codes/rotation.ts'
import { encoder } from '../../../server/src/stores/embedded/vector-index/encoding.ts'
import { attribute, selectivities, type FilterKey } from '../dataset.ts'
import { buildThreads, graph, type Engine } from '../engine.ts'

const attributes = Object.keys(selectivities) as FilterKey[]

type Numbers = 'none' | 'int8'

/** The engine below the embedded store, with nothing around it: of whole vectors, or of 8 bits a number as the store writes them. */
export async function openZvec(
  folder: string,
  dimensions: number,
  numbers: Numbers,
): Promise<Engine> {
  const { encode } = encoder(new Rotation(dimensions), numbers)
  zvec.ZVecInitialize({ logLevel: zvec.ZVecLogLevel.FATAL })
  const collection = zvec.ZVecCreateAndOpen(join(folder, 'zvec'), schema(dimensions, numbers))
  const search = async (vector: Float32Array, count: number, filter?: string) => {
    const found = await collection.query({
      fieldName: 'vector',
      vector: encode(vector),
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
          vectors: { vector: encode(vector) },
          fields: Object.fromEntries(attributes.map((key) => [key, attribute(index, key)])),
        })),
      )
    },
    optimise: () => collection.optimize({ concurrency: buildThreads }),
    search: (vector, count) => search(vector, count),
    searchFiltered: (vector, count, key) => search(vector, count, `${key} = 0`),
    close: async () => collection.closeSync(),
  }
}

function schema(dimensions: number, numbers: Numbers) {
  const { VECTOR_FP32, VECTOR_INT8 } = zvec.ZVecDataType
  return new zvec.ZVecCollectionSchema({
    name: 'vectors',
    vectors: {
      name: 'vector',
      dataType: { none: VECTOR_FP32, int8: VECTOR_INT8 }[numbers],
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
